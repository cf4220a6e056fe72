DECLARE
  one record;
BEGIN
  PERFORM pg_catalog.count(@converted@) FROM @table@ AS t;
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR cannot_coerce THEN
  FOR one IN SELECT @key@ AS key, @value@ AS value FROM @table@ AS t LOOP
    BEGIN
      PERFORM @one_converted@;
    EXCEPTION WHEN data_exception OR integrity_constraint_violation OR cannot_coerce THEN
      RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = pg_catalog.concat('pgarchitect: the value of ', @column_text@,
        ' in the row with ', @key_text@, ' ', one.key, ' cannot become ', @type_text@, ': ', SQLERRM),
        HINT = 'Change the value, then run the migration again: nothing was changed yet.';
    END;
  END LOOP;
  RAISE;
END
