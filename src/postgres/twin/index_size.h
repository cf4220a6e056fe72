// How large an index will be, from the statistics of its columns: pure arithmetic, checked against built indexes. Internal.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "postgres/twin/statistics.h"

namespace pga::postgres::twin {

struct SizeColumn {
  int length = -1;               // pg_attribute.attlen; -1: varying
  int alignment = 1;             // 1, 2, 4 or 8
  double width = 4;              // average bytes of a value that is not of a fixed length
  std::map<int, double> widths;  // share of the values of each width, if known
  double distinct = 0;           // 0: unknown
  double null_fraction = 0;
  double elements = 0;  // of an array or a document: average number of entries a row, if known
  bool included = false;
};

struct SizeInput {
  std::string method;
  double rows = 0;
  double distinct = 0;  // combinations of key values
  bool deduplicates = false;
  long long table_blocks = 0;
  long long pages_per_range = 128;
  std::string opclass;  // of the first key
  std::vector<SizeColumn> columns;
};

struct IndexSize {
  long long blocks = 1;
  int height = 0;
  double tuple_bytes = 0;
  bool guessed = false;
  GinPages gin;
};

IndexSize index_size(const SizeInput& input);

}  // namespace pga::postgres::twin
