#include "postgres/twin/pages.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "postgres/server_scratch.h"

namespace pga::postgres::twin {
namespace {

constexpr size_t kHeader = 24;  // SizeOfPageHeaderData: where a metapage's contents begin
constexpr uint32_t kBtreeMagic = 0x053162;
constexpr uint32_t kBrinMagic = 0xA8109CFA;
constexpr uint32_t kNoBlock = 0xFFFFFFFF;
constexpr uint16_t kLeafFlag = 1, kRootFlag = 2;  // BTP_LEAF, BTP_ROOT
constexpr size_t kBtreeSpecial = 16;              // BTPageOpaqueData
constexpr uint16_t kAltTid = 0x2000;              // INDEX_ALT_TID_MASK

using Page = std::array<char, kBlock>;

template <class T>
T get(std::string_view page, size_t at) {
  T out{};
  if (at + sizeof out <= page.size()) std::memcpy(&out, page.data() + at, sizeof out);
  return out;
}

template <class T>
void put(Page& page, size_t at, T value) {
  std::memcpy(page.data() + at, &value, sizeof value);
}

tl::unexpected<Error> failed(const std::string& what, const std::string& path) {
  return fail("internal", "the file " + path + " of the private server cannot be " + what + ": " + std::strerror(errno));
}

Result<Page> read_page(const File& file, long long block, const std::string& path) {
  Page page{};
  if (pread(file.get(), page.data(), page.size(), block * kBlock) != kBlock) return failed("read", path);
  return page;
}

Status write_page(const File& file, long long block, const Page& page, const std::string& path) {
  if (pwrite(file.get(), page.data(), page.size(), block * kBlock) != kBlock) return failed("written", path);
  return {};
}

// A b-tree page of this level; above the leaves with one downlink, to `child`, that is lower than everything.
Page btree_page(uint32_t level, bool root, uint32_t child) {
  Page page{};
  const uint16_t special = kBlock - kBtreeSpecial;
  uint16_t lower = kHeader, upper = special;
  if (level > 0) {
    upper -= 8;
    put<uint16_t>(page, upper, static_cast<uint16_t>(child >> 16));
    put<uint16_t>(page, upper + 2U, static_cast<uint16_t>(child & 0xFFFF));
    put<uint16_t>(page, upper + 4U, 0);  // no key column: minus infinity
    put<uint16_t>(page, upper + 6U, 8 | kAltTid);
    put<uint32_t>(page, lower, upper | (1U << 15) | (8U << 17));  // line pointer: offset, LP_NORMAL, length
    lower += 4;
  }
  put<uint16_t>(page, 12, lower);
  put<uint16_t>(page, 14, upper);
  put<uint16_t>(page, 16, special);
  put<uint16_t>(page, 18, kBlock | 4);  // page size and layout version
  put<uint32_t>(page, special + 8U, level);
  put<uint16_t>(page, special + 12U, static_cast<uint16_t>((level == 0 ? kLeafFlag : 0) | (root ? kRootFlag : 0)));
  return page;
}

}  // namespace

std::optional<int> btree_height(std::string_view page) {
  if (get<uint32_t>(page, kHeader) != kBtreeMagic) return std::nullopt;
  return get<uint32_t>(page, kHeader + 8) == 0 ? 0 : static_cast<int>(get<uint32_t>(page, kHeader + 20));  // btm_fastlevel
}

bool btree_deduplicates(std::string_view page) {
  return get<char>(page, kHeader + 40) != 0;
}

std::optional<GinPages> gin_pages(std::string_view page) {
  if (page.size() < kHeader + 48) return std::nullopt;
  GinPages out;
  out.pending = get<uint32_t>(page, kHeader + 12);
  out.total = get<uint32_t>(page, kHeader + 24);
  out.entry = get<uint32_t>(page, kHeader + 28);
  out.data = get<uint32_t>(page, kHeader + 32);
  out.entries = get<int64_t>(page, kHeader + 40);
  return out;
}

std::optional<long long> brin_last_revmap_page(std::string_view page) {
  if (get<uint32_t>(page, kHeader) != kBrinMagic) return std::nullopt;
  return get<uint32_t>(page, kHeader + 12);
}

long long revmap_pages(long long table_blocks, long long pages_per_range) {
  const long long ranges = (table_blocks + pages_per_range - 1) / std::max(1LL, pages_per_range);
  return std::max(1LL, (ranges + 1359) / 1360);
}

int height_by_size(long long blocks, double downlinks) {
  int height = 0;
  for (double left = static_cast<double>(blocks) - 1; left > 1; left = std::ceil(left / downlinks)) ++height;
  return height;
}

std::string from_hex(std::string_view hex) {
  std::string out;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; };
  for (size_t i = 0; i + 1 < hex.size(); i += 2) out += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  return out;
}

Result<std::string> read_start(const std::string& path, size_t bytes) {
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string out(bytes, '\0');
  const ssize_t n = file ? read(file.get(), out.data(), bytes) : -1;
  if (n < 0) return failed("read", path);
  out.resize(static_cast<size_t>(n));
  return out;
}

Result<RelationFile> RelationFile::copy(const std::string& from, const std::string& to, long long blocks) {
  const File source(open(from.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (!source || fstat(source.get(), &info) != 0) return failed("read", from);
  const File target(open(to.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!target) return failed("made", to);
  if (fchown(target.get(), info.st_uid, info.st_gid) != 0) return failed("given to the server", to);
  for (long long block = 0; block < blocks && block * kBlock < info.st_size; ++block) {
    PGA_TRY(const auto page, read_page(source, block, from));
    PGA_CHECK(write_page(target, block, page, to));
  }
  return RelationFile(to);
}

Status RelationFile::lift_btree(int height) {
  if (height <= 0) return {};
  const File file(open(path_.c_str(), O_RDWR | O_CLOEXEC));
  if (!file) return failed("opened", path_);
  PGA_TRY(auto meta, read_page(file, 0, path_));
  const std::string_view text(meta.data(), meta.size());
  const auto root = get<uint32_t>(text, kHeader + 8);
  if (get<uint32_t>(text, kHeader) != kBtreeMagic || get<uint32_t>(text, kHeader + 12) != 0 || root > 1)
    return fail("internal", "the b-tree in " + path_ + " is not the small one that was expected");
  Page leaf = btree_page(0, false, 0);
  if (root == 1) {
    PGA_TRY(leaf, read_page(file, 1, path_));
    const size_t flags = kBlock - kBtreeSpecial + 12;
    put<uint16_t>(leaf, flags, get<uint16_t>(std::string_view(leaf.data(), leaf.size()), flags) & ~kRootFlag);
  }
  PGA_CHECK(write_page(file, 1, leaf, path_));
  // Block 1 is the leaf; block n + 1 is level n.
  for (int level = 1; level <= height; ++level) {
    const auto page = btree_page(static_cast<uint32_t>(level), level == height, static_cast<uint32_t>(level));
    PGA_CHECK(write_page(file, level + 1, page, path_));
  }
  const auto top = static_cast<uint32_t>(height);
  put<uint32_t>(meta, kHeader + 8, top + 1);  // btm_root, btm_level, btm_fastroot, btm_fastlevel
  put<uint32_t>(meta, kHeader + 12, top);
  put<uint32_t>(meta, kHeader + 16, top + 1);
  put<uint32_t>(meta, kHeader + 20, top);
  return write_page(file, 0, meta, path_);
}

Status RelationFile::reset_btree() {
  const File file(open(path_.c_str(), O_RDWR | O_CLOEXEC));
  if (!file) return failed("opened", path_);
  PGA_TRY(auto meta, read_page(file, 0, path_));
  if (get<uint32_t>(std::string_view(meta.data(), meta.size()), kHeader + 8) == 0) return {};
  put<uint32_t>(meta, kHeader + 8, 1);
  put<uint32_t>(meta, kHeader + 12, 0);
  put<uint32_t>(meta, kHeader + 16, 1);
  put<uint32_t>(meta, kHeader + 20, 0);
  return write_page(file, 0, meta, path_);
}

Status RelationFile::set_gin(const GinPages& pages) {
  const File file(open(path_.c_str(), O_RDWR | O_CLOEXEC));
  if (!file) return failed("opened", path_);
  PGA_TRY(auto meta, read_page(file, 0, path_));
  put<uint32_t>(meta, kHeader, kNoBlock);  // head and tail of the pending list: only counted, never read
  put<uint32_t>(meta, kHeader + 4, kNoBlock);
  put<uint32_t>(meta, kHeader + 8, 0);
  put<uint32_t>(meta, kHeader + 12, static_cast<uint32_t>(pages.pending));
  put<int64_t>(meta, kHeader + 16, 0);
  put<uint32_t>(meta, kHeader + 24, static_cast<uint32_t>(pages.total));
  put<uint32_t>(meta, kHeader + 28, static_cast<uint32_t>(pages.entry));
  put<uint32_t>(meta, kHeader + 32, static_cast<uint32_t>(pages.data));
  put<int64_t>(meta, kHeader + 40, pages.entries);
  return write_page(file, 0, meta, path_);
}

Status RelationFile::set_brin(long long last_revmap_page) {
  const File file(open(path_.c_str(), O_RDWR | O_CLOEXEC));
  if (!file) return failed("opened", path_);
  PGA_TRY(auto meta, read_page(file, 0, path_));
  if (get<uint32_t>(std::string_view(meta.data(), meta.size()), kHeader) != kBrinMagic)
    return fail("internal", path_ + " holds no BRIN index");
  put<uint32_t>(meta, kHeader + 12, static_cast<uint32_t>(last_revmap_page));
  return write_page(file, 0, meta, path_);
}

Status RelationFile::extend(long long blocks) {
  struct stat info {};
  if (stat(path_.c_str(), &info) != 0) return failed("read", path_);
  for (long long segment = 0; segment * kSegmentBlocks < blocks; ++segment) {
    const std::string path = segment == 0 ? path_ : path_ + "." + std::to_string(segment);
    const off_t size = std::min(kSegmentBlocks, blocks - segment * kSegmentBlocks) * kBlock;
    const File file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file) return failed("made", path);
    if (segment > 0 && fchown(file.get(), info.st_uid, info.st_gid) != 0) return failed("given to the server", path);
    struct stat now {};
    if (fstat(file.get(), &now) == 0 && now.st_size < size && ftruncate(file.get(), size) != 0) return failed("extended", path);
  }
  return {};
}

}  // namespace pga::postgres::twin
