#include "postgres/twin/index_size.h"

#include <algorithm>
#include <cmath>

#include "postgres/twin/pages.h"

namespace pga::postgres::twin {
namespace {

constexpr double kPage = 8152;      // block without page header and b-tree special area
constexpr double kFill = 0.9;       // fillfactor of b-tree leaves
constexpr double kInnerFill = 0.7;  // BTREE_NONLEAF_FILLFACTOR
constexpr double kLinePointer = 4;
constexpr double kTid = 6;
constexpr size_t kMostWidths = 20000;
constexpr double kPostingLimit = 812;  // _bt_load: posting lists up to a tenth of a page when built

double align(double size, int to) {
  return std::ceil(size / to) * to;
}

// One index tuple with a single row pointer: header, a bitmap when something is NULL, values as they are aligned. Widths of
// values are taken as independent of each other; an average stands for a width that is not known, with half of what alignment can
// take.
double tuple_bytes(const SizeInput& input, bool keys_only) {
  std::map<int, double> sizes = {{0, 1.0}};  // bytes of the values so far, without a NULL
  double with_nulls = 0, none_null = 1, average = 0;
  for (const auto& column : input.columns) {
    if (keys_only && column.included) continue;
    std::map<int, double> next;
    for (const auto& [size, share] : sizes) {
      if (column.length > 0) {
        next[static_cast<int>(align(size, column.alignment)) + column.length] += share;
      } else if (!column.widths.empty() && column.widths.size() * sizes.size() < kMostWidths) {
        for (const auto& [width, part] : column.widths) next[size + width] += share * part;
      } else {
        next[size + static_cast<int>(std::lround(column.width))] += share;
      }
    }
    sizes = std::move(next);
    const double width = column.length > 0 ? column.length : column.width;
    with_nulls += width * (1 - column.null_fraction);
    none_null *= 1 - column.null_fraction;
  }
  for (const auto& [size, share] : sizes) average += share * align(8 + size, 8);
  return none_null * average + (1 - none_null) * align(16 + with_nulls, 8);
}

// Bytes of the leaf entries of one value that `rows` rows have.
double posting_bytes(double rows, double tuple) {
  if (rows <= 1) return tuple + kLinePointer;
  const double most = std::max(2.0, std::floor((kPostingLimit - tuple) / kTid));
  const double full = std::floor(rows / most);
  const double rest = rows - full * most;
  double out = full * (align(tuple + most * kTid, 8) + kLinePointer);
  if (rest > 1) out += align(tuple + rest * kTid, 8) + kLinePointer;
  if (rest > 0 && rest <= 1) out += (tuple + kLinePointer) * rest;
  return out;
}

IndexSize btree(const SizeInput& input) {
  IndexSize out;
  out.tuple_bytes = tuple_bytes(input, false);
  if (input.rows < 1) return out;
  const double distinct = std::clamp(input.distinct, 1.0, input.rows);
  const double bytes = input.deduplicates ? distinct * posting_bytes(input.rows / distinct, out.tuple_bytes)
                                          : input.rows * (out.tuple_bytes + kLinePointer);
  // A page is left when the fill factor is reached; the high key takes one more tuple.
  const double leaves = std::max(1.0, std::ceil(bytes / (kPage - (1 - kFill) * 8192 - (out.tuple_bytes + kLinePointer))));
  const double downlink = tuple_bytes(input, true) + kLinePointer;
  const double fan_out = std::max(2.0, kPage * kInnerFill / downlink);
  double pages = leaves;
  for (double level = leaves; level > 1; ++out.height) {
    level = std::ceil(level / fan_out);
    pages += level;
  }
  out.blocks = static_cast<long long>(pages) + 1;
  return out;
}

IndexSize hash(const SizeInput& input) {
  IndexSize out;
  out.tuple_bytes = 16 + kLinePointer;  // header and hash code, aligned
  const double per_bucket = kPage * 0.75 / out.tuple_bytes;
  double buckets = 2;
  // Up to ten groups of splits all at once, later ones in quarters (_hash_spareindex).
  for (double wanted = input.rows / per_bucket; buckets < wanted;) buckets *= 2;
  const double overflow = input.distinct > 0 ? std::max(0.0, input.rows / input.distinct * out.tuple_bytes / kPage - 1) : 0;
  out.blocks = static_cast<long long>(buckets + 2 + overflow * std::min(input.distinct, buckets));
  return out;
}

IndexSize brin(const SizeInput& input) {
  IndexSize out;
  const double ranges = std::ceil(static_cast<double>(input.table_blocks) / static_cast<double>(input.pages_per_range));
  double values = 0;
  for (const auto& column : input.columns) values += 2 * (column.length > 0 ? column.length : column.width);
  out.tuple_bytes = align(8 + values, 8) + kLinePointer;
  out.blocks = 1 + revmap_pages(input.table_blocks, input.pages_per_range) +
               static_cast<long long>(std::ceil(std::max(1.0, ranges) * out.tuple_bytes / (kPage - 100)));
  return out;
}

// Built by inserting, so that pages are about three quarters full.
IndexSize tree_of_boxes(const SizeInput& input, double share) {
  IndexSize out;
  out.tuple_bytes = 8 + kLinePointer;
  for (const auto& column : input.columns) out.tuple_bytes += column.length > 0 ? column.length : column.width;
  out.tuple_bytes = align(out.tuple_bytes, 8);
  out.blocks = std::max(1LL, static_cast<long long>(std::ceil(input.rows * out.tuple_bytes / (kPage * share) * 1.02)));
  out.guessed = true;
  return out;
}

bool is_trigram(const SizeInput& input) {
  return input.opclass.ends_with("gin_trgm_ops");
}

// A guess, and marked as one: statistics do not count trigrams, keys of documents or lexemes.
IndexSize gin(const SizeInput& input) {
  IndexSize out;
  out.guessed = true;
  double a_row = 0, different = 0;
  for (const auto& column : input.columns) {
    const double width = std::max(1.0, column.width);  // of the table's column: the index holds its parts
    double entries = column.elements;
    if (entries <= 0) entries = is_trigram(input) ? width + 1 : std::max(1.0, width / 12);
    a_row += entries * (1 - column.null_fraction);
    different += std::min(input.rows * entries, is_trigram(input) ? 30000.0 : std::sqrt(input.rows * entries) * 20);
  }
  const double pointers = input.rows * a_row;
  different = std::clamp(different, 1.0, std::max(1.0, pointers));
  const double bytes_a_pointer = std::clamp(1 + std::log2(std::max(1.0, different)) / 8, 1.2, 6.0);
  const double entry_bytes = different * 32;
  double inline_bytes = 0, tree_bytes = 0;
  (pointers / different * bytes_a_pointer > 2000 ? tree_bytes : inline_bytes) = pointers * bytes_a_pointer;
  out.gin.entry = static_cast<long long>(std::ceil((entry_bytes + inline_bytes) / (kPage * 0.75)));
  out.gin.data = static_cast<long long>(std::ceil(tree_bytes / (kPage * 0.85)));
  out.gin.entries = static_cast<long long>(different);
  out.gin.total = out.gin.entry + out.gin.data + 1;
  out.blocks = out.gin.total;
  out.tuple_bytes = a_row * 32;
  return out;
}

}  // namespace

IndexSize index_size(const SizeInput& input) {
  if (input.method == "btree") return btree(input);
  if (input.method == "hash") return hash(input);
  if (input.method == "brin") return brin(input);
  if (input.method == "gin") return gin(input);
  return tree_of_boxes(input, input.method == "spgist" ? 0.65 : 0.72);
}

}  // namespace pga::postgres::twin
