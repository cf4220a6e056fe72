BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM @parked@ AS p WHERE @old_matches@;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO @parked@ (@keys@, value) VALUES (@new_keys@, @new_value@)
      ON CONFLICT (@keys@) DO UPDATE SET value = excluded.value;
  END IF;
  RETURN NULL;
END
