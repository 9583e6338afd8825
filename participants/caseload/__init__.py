"""The caseload: counted buckets, filters, sort and rows of the list of enrolments, cut by right."""
