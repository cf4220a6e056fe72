BEGIN
  @unchanged@
  @shadow@ := @converted@;
  RETURN NEW;
END
