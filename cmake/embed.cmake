# embed_room(<room> <outvar>): every .sql and .txt file under src/<room>/ becomes a string constant in a generated .cpp,
# declared in generated/<room>_embedded.h as  pga::embedded::<room>::<path_with_underscores>  (std::string_view).
# Example: src/schema/kinds/table.sql -> pga::embedded::schema::kinds_table
function(embed_room room outvar)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${room}/*.sql ${CMAKE_SOURCE_DIR}/src/${room}/*.txt)
  set(${outvar} "" PARENT_SCOPE)
  if(NOT files)
    return()
  endif()
  set(out ${CMAKE_BINARY_DIR}/generated/${room}_embedded.cpp)
  set(header ${CMAKE_BINARY_DIR}/generated/${room}_embedded.h)
  add_custom_command(
    OUTPUT ${out} ${header}
    COMMAND ${CMAKE_COMMAND} -DROOM=${room} -DROOT=${CMAKE_SOURCE_DIR}/src/${room} "-DFILES=${files}"
            -DOUT=${out} -DHEADER=${header} -P ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Embedding the files of ${room}" VERBATIM)
  set(${outvar} ${out} ${header} PARENT_SCOPE)
endfunction()
