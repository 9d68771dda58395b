// Chapter 7 of the note: the HTTPS, FTPS and SSL stacks cannot run together, nor while one of the
// other families that use the network runs. Among themselves those other families are free.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>

namespace sim52xx::sim {

enum class User : std::uint8_t { ssl, https, ftps, tcpip, mms, gps, http, ftp, count_ };

class Exclusion {
 public:
  // False where the note forbids it; a second time is no use either.
  bool take(User user) {
    if (is_stack(user) ? users_.any() : stack_held()) {
      if (!holds(user)) ++violations_;
      return false;
    }
    users_.set(index(user));
    return true;
  }
  void release(User user) { users_.reset(index(user)); }
  void clear() { users_.reset(); }
  [[nodiscard]] bool holds(User user) const { return users_.test(index(user)); }
  [[nodiscard]] bool stack_held() const {
    return holds(User::ssl) || holds(User::https) || holds(User::ftps);
  }
  // How often one was to be started while what excludes it ran.
  [[nodiscard]] std::uint64_t violations() const { return violations_; }

 private:
  static std::size_t index(User user) { return static_cast<std::size_t>(user); }
  static bool is_stack(User user) { return user <= User::ftps; }

  std::bitset<static_cast<std::size_t>(User::count_)> users_;
  std::uint64_t violations_ = 0;
};

}  // namespace sim52xx::sim
