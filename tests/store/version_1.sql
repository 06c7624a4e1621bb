-- A database as version 1 of the schema made it.
BEGIN TRANSACTION;
CREATE TABLE fact (
	id INTEGER NOT NULL, 
	patient_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	entered_at DATETIME NOT NULL, 
	kind VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	day INTEGER, 
	present BOOLEAN NOT NULL, 
	side VARCHAR, 
	trend VARCHAR, 
	area JSON NOT NULL, 
	nrs FLOAT, 
	mrc FLOAT, 
	grade VARCHAR, 
	modality VARCHAR, 
	degrees FLOAT, 
	level VARCHAR, 
	severity VARCHAR, 
	value FLOAT, 
	unit VARCHAR, 
	until_day INTEGER, 
	sessions INTEGER, 
	dose VARCHAR, 
	response VARCHAR, 
	complication VARCHAR, 
	measure VARCHAR, 
	months FLOAT, 
	number INTEGER NOT NULL, 
	line INTEGER, 
	origin VARCHAR, 
	PRIMARY KEY (id), 
	UNIQUE (patient_id, position), 
	FOREIGN KEY(patient_id) REFERENCES patient (id)
);
INSERT INTO "fact" VALUES(1,'one',0,'2026-11-22 15:18:36.171401','symptom','leg_pain',-3,1,'left',NULL,'["L5"]',8.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL);
INSERT INTO "fact" VALUES(2,'one',1,'2026-11-22 15:18:36.171401','power','ankle_dorsiflexion',0,1,'left',NULL,'[]',NULL,3.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL);
CREATE TABLE patient (
	id VARCHAR NOT NULL, 
	age_years FLOAT, 
	sex VARCHAR, 
	presented_on DATE, 
	entered_at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "patient" VALUES('one',54.0,'female','2026-03-01','2026-11-22 15:18:36.171401');
CREATE TABLE person (
	patient_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	source_title VARCHAR, 
	source_url VARCHAR, 
	PRIMARY KEY (patient_id), 
	FOREIGN KEY(patient_id) REFERENCES patient (id)
);
INSERT INTO "person" VALUES('one','Alder A.',NULL,NULL);
CREATE INDEX ix_fact_patient_id ON fact (patient_id);
CREATE TRIGGER fact_is_never_changed BEFORE UPDATE ON fact BEGIN SELECT RAISE(ABORT, 'a fact is never changed; enter a new one'); END;
COMMIT;
PRAGMA user_version = 1;
