"""What the system knows, as tables with sources: loading them, the anatomy as a graph, the names, pages and checks.

``tables`` loads rows, ``vocabulary`` has the names a course may use, ``anatomy`` the nervous system as a graph,
``conditions`` and ``rules`` read what the tables ask of a course, ``parameters`` holds single numbers of the models.
``pages`` shows what the tables say of one thing, ``checks`` finds rows that break a rule.
"""
