// The scratch folder of one private server: short name, mode 0700, on a RAM-backed folder when there is room, removed with
// this object. Internal to this room.
//
// The folder holds `lock`, on which its owner process keeps an flock, and `alive`, on which every process of the server
// keeps one (inherited). So whoever sees a folder knows whether it is still owned and whether something still runs in it,
// whatever the process numbers are by now: that is how sweep_stale() works, and why several pgarchitect processes never
// disturb each other.
#pragma once
#include <string>

#include "base/result.h"
#include "postgres/programs.h"

namespace pga::postgres {

// Removes a folder with all that is in it, following no link. Async-signal-safe. False: something is left.
bool remove_tree(const char* path) noexcept;

// An open file that is closed with this object.
class File {
 public:
  File() = default;
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() { close(); }
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
    return *this;
  }
  int get() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }
  void close();

 private:
  int descriptor_ = -1;
};

class Scratch {
 public:
  // A new folder, owned by this process and locked.
  static Result<Scratch> make(const ServerUser& user);
  ~Scratch();
  Scratch(Scratch&& other) noexcept;
  Scratch& operator=(Scratch&&) = delete;

  const std::string& path() const { return path_; }
  int alive() const { return alive_.get(); }       // to be inherited by the server
  int slot() const { return slot_; }               // of server_watch.h
  Status hand_over(const ServerUser& user) const;  // gives the folder to the user of the server

 private:
  Scratch() = default;
  std::string path_;
  File lock_;
  File alive_;
  int slot_ = -1;
};

// Ends what still runs in folders whose owner is gone, and removes them. Quiet: what cannot be removed stays for the next time.
void sweep_stale();

}  // namespace pga::postgres
