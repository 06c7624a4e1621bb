# Fits the simplified model of fit.py with lme4: arguments are the table and, as output, lines of name, value, error.
given <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(lme4))
rows <- read.csv(given[1], stringsAsFactors = TRUE)
formula <- y ~ after + after_log_year + (1 | study) + (1 | series) + (0 + after | treatment)
fit <- function() lmer(formula, rows, weights = 1 / se^2)
seconds <- system.time(found <- fit())["elapsed"]
cat("seconds", seconds, 0, "\n")
cat("version", as.character(packageVersion("lme4")), 0, "\n")
errors <- sqrt(diag(as.matrix(vcov(found))))
names <- c("start", "after", "after_log_year")
for (at in 1:3) cat(names[at], fixef(found)[at], errors[at], "\n")
parts <- as.data.frame(VarCorr(found))
for (group in c("study", "series", "treatment")) cat(paste0("sd_", group), parts$sdcor[parts$grp == group], 0, "\n")
cat("factor", sigma(found), 0, "\n")
limits <- system.time(ends <- confint(found, parm = "theta_", quiet = TRUE))["elapsed"]
cat("profile_seconds", limits, 0, "\n")
# Profiles are ordered as the variances in VarCorr, the factor last.
order <- c(paste0("sd_", parts$grp[parts$grp != "Residual"]), "factor")
for (at in seq_along(order)) cat(paste0("profile_", order[at]), ends[at, 1], ends[at, 2], "\n")
