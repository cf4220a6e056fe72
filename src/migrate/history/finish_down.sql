WITH gone AS (DELETE FROM pgarchitect.journal WHERE version = $1) DELETE FROM pgarchitect.migration WHERE version = $1
