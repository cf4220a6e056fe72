// Pages and files of relations, as far as the planner looks into them: sizes, the metapages of b-tree, GIN and BRIN indexes.
// Layouts are those of PostgreSQL 13 to 18 (access/nbtree.h, ginblock.h, brin_page.h, storage/bufpage.h), blocks of 8 kB, the
// byte order of this machine. Files are those of a private server (no checksums).
//
//   auto file = RelationFile::copy(from, to);      // a new file is in nobody's cache
//   PGA_CHECK(file.lift_btree(2));  PGA_CHECK(file.extend(70000));
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "postgres/twin/statistics.h"

namespace pga::postgres::twin {

constexpr long long kBlock = 8192;
constexpr long long kSegmentBlocks = 131072;  // 1 GiB

// From the first bytes of an index's file; nullopt: that is not such a page.
std::optional<int> btree_height(std::string_view page);
bool btree_deduplicates(std::string_view page);  // btm_allequalimage
std::optional<GinPages> gin_pages(std::string_view page);
std::optional<long long> brin_last_revmap_page(std::string_view page);
// Pages of a BRIN index's range map for a table of so many blocks.
long long revmap_pages(long long table_blocks, long long pages_per_range);
// The height of a b-tree of so many blocks, when an inner page has so many downlinks (280: keys of ordinary width).
int height_by_size(long long blocks, double downlinks = 280);

std::string from_hex(std::string_view hex);
Result<std::string> read_start(const std::string& path, size_t bytes);

// The first file ("segment") of a relation's main fork.
class RelationFile {
 public:
  explicit RelationFile(std::string path) : path_(std::move(path)) {}
  // Owner as that of `from`; at most so many of its first blocks.
  static Result<RelationFile> copy(const std::string& from, const std::string& to, long long blocks = kSegmentBlocks);
  const std::string& path() const { return path_; }

  // A b-tree whose root is its only leaf, or that is empty, gets `height` levels above the leaf.
  Status lift_btree(int height);
  // Takes back lift_btree: block 1 is the root again.
  Status reset_btree();
  Status set_gin(const GinPages& pages);
  Status set_brin(long long last_revmap_page);
  // Makes the fork so many blocks long, without using disk; never shorter than it is.
  Status extend(long long blocks);

 private:
  std::string path_;
};

}  // namespace pga::postgres::twin
