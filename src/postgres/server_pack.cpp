#include "postgres/server_pack.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "postgres/server_scratch.h"

namespace pga::postgres {
namespace fs = std::filesystem;
namespace {

constexpr uint64_t kMagic = 0x31306b6361706770ULL;  // "pgpack01"

struct Head {
  uint64_t magic = kMagic;
  uint64_t entries = 0;
  uint64_t index_bytes = 0;
  uint64_t data_bytes = 0;
  uint64_t sum = 0;  // over index and data
};
struct EntryHead {  // followed by the path; a folder comes before what is in it
  uint64_t size = 0;
  uint32_t mode = 0;
  uint32_t path_length = 0;
};

uint64_t sum_of(const char* data, size_t size, uint64_t sum = 0xcbf29ce484222325ULL) {
  size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, data + at, 8);
    sum = (sum ^ word) * 0x9e3779b97f4a7c15ULL;
    sum ^= sum >> 29;
  }
  for (; at < size; ++at) sum = (sum ^ static_cast<unsigned char>(data[at])) * 0x100000001b3ULL;
  return sum;
}

Error damaged(const std::string& file) {
  return {"damaged-cache", "the cached data folder " + file + " is damaged", "remove it: it is made again", {}, {}, {}};
}

Error cannot(const std::string& what, const std::string& path) {
  return {"server-start", path + " cannot be " + what + ": " + std::strerror(errno), {}, {}, {}, {}};
}

bool write_all(int file, const char* data, size_t size) {
  while (size > 0) {
    const ssize_t n = write(file, data, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    data += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

class Mapped {
 public:
  explicit Mapped(const std::string& path) {
    const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (!file || fstat(file.get(), &info) != 0 || info.st_size <= 0) return;
    void* made = mmap(nullptr, static_cast<size_t>(info.st_size), PROT_READ, MAP_PRIVATE | MAP_POPULATE, file.get(), 0);
    if (made == MAP_FAILED) return;
    data = static_cast<const char*>(made);
    size = static_cast<size_t>(info.st_size);
  }
  ~Mapped() {
    if (data != nullptr) munmap(const_cast<char*>(data), size);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  const char* data = nullptr;
  size_t size = 0;
};

struct Item {
  std::string path;
  uint32_t mode = 0;
  const char* data = nullptr;
  size_t size = 0;
};

// The entries of a pack, or nothing when it does not hold together.
std::vector<Item> read_index(const Mapped& pack) {
  Head head;
  if (pack.size < sizeof head) return {};
  std::memcpy(&head, pack.data, sizeof head);
  const size_t rest = pack.size - sizeof head;
  if (head.magic != kMagic || head.index_bytes > rest || head.data_bytes != rest - head.index_bytes) return {};
  if (sum_of(pack.data + sizeof head, rest) != head.sum) return {};
  std::vector<Item> items;
  const char* at = pack.data + sizeof head;
  const char* data = at + head.index_bytes;
  for (uint64_t i = 0; i < head.entries; ++i) {  // the sum holds: what stands there is what was written
    EntryHead entry;
    std::memcpy(&entry, at, sizeof entry);
    items.push_back({std::string(at + sizeof entry, entry.path_length), entry.mode, data, entry.size});
    at += sizeof entry + entry.path_length;
    data += entry.size;
  }
  return items;
}

bool write_item(int folder, const Item& item, const ServerUser& owner) {
  const File file(openat(folder, item.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  return file && write_all(file.get(), item.data, item.size) && (!owner.drop || fchown(file.get(), owner.uid, owner.gid) == 0);
}

bool make_folders(int root, const std::vector<Item>& items) {
  return std::all_of(items.begin(), items.end(),
                     [&](const Item& item) { return !S_ISDIR(item.mode) || mkdirat(root, item.path.c_str(), 0700) == 0; });
}

// Two threads: most of the time goes into the kernel's making of a thousand files.
bool write_files(int root, const std::vector<Item>& items, const ServerUser& owner) {
  std::atomic<size_t> next{0};
  std::atomic<bool> good{true};
  const auto work = [&] {
    for (size_t i = 0; (i = next++) < items.size() && good;) {
      if (S_ISREG(items[i].mode) && !write_item(root, items[i], owner)) good = false;
    }
  };
  std::thread second(work);
  work();
  second.join();
  return good;
}

}  // namespace

Status pack_folder(const std::string& folder, const std::string& file) {
  std::vector<fs::path> paths;
  std::error_code failed;
  for (auto it = fs::recursive_directory_iterator(folder, failed); !failed && it != fs::recursive_directory_iterator();
       it.increment(failed)) {
    paths.push_back(it->path());
  }
  if (failed) return fail("server-start", "the folder " + folder + " cannot be read: " + failed.message());
  std::sort(paths.begin(), paths.end());
  std::string index;
  std::string data;
  Head head;
  for (const auto& path : paths) {
    struct stat info {};
    if (lstat(path.c_str(), &info) != 0) return fail(cannot("read", path));
    if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode)) continue;
    const std::string name = fs::relative(path, folder);
    const size_t before = data.size();
    if (S_ISREG(info.st_mode) && info.st_size > 0) {
      const Mapped content(path);
      if (content.data == nullptr) return fail(cannot("read", path));
      data.append(content.data, content.size);
    }
    const EntryHead entry{data.size() - before, info.st_mode, static_cast<uint32_t>(name.size())};
    index.append(reinterpret_cast<const char*>(&entry), sizeof entry).append(name);
    ++head.entries;
  }
  head.index_bytes = index.size();
  head.data_bytes = data.size();
  index += data;
  head.sum = sum_of(index.data(), index.size());
  const std::string part = file + "." + std::to_string(getpid());
  const File out(open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  const bool written = out && write_all(out.get(), reinterpret_cast<const char*>(&head), sizeof head) &&
                       write_all(out.get(), index.data(), index.size());
  if (written && rename(part.c_str(), file.c_str()) == 0) return {};
  auto error = cannot("written", file);
  unlink(part.c_str());
  return fail(std::move(error));
}

Status unpack_folder(const std::string& file, const std::string& folder, const ServerUser& owner) {
  const Mapped pack(file);
  const auto items = read_index(pack);
  if (items.empty()) return fail(damaged(file));
  if (mkdir(folder.c_str(), 0700) != 0) return fail(cannot("made", folder));
  const File root(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!root || !make_folders(root.get(), items) || !write_files(root.get(), items, owner)) return fail(cannot("filled", folder));
  if (!owner.drop) return {};
  // Folders are given away last, inner ones first: nobody else can change what is still being written.
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    if (S_ISDIR(item->mode) && fchownat(root.get(), item->path.c_str(), owner.uid, owner.gid, AT_SYMLINK_NOFOLLOW) != 0) {
      return fail(cannot("given away", folder + "/" + item->path));
    }
  }
  return fchown(root.get(), owner.uid, owner.gid) == 0 ? Status() : fail(cannot("given away", folder));
}

}  // namespace pga::postgres
