#include "daemon/ctl/connect_words.hpp"

#include <cerrno>
#include <system_error>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sim52xx::ctl {
namespace {

std::string user_name() {
  const passwd* entry = ::getpwuid(::geteuid());
  return entry == nullptr ? std::to_string(::geteuid()) : entry->pw_name;
}

// The group of the socket, or of the folder that hides it; as installed where neither is seen.
std::string group_of(const std::string& path) {
  struct stat about{};
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  if (::stat(path.c_str(), &about) != 0 && ::stat(folder.c_str(), &about) != 0) return "sim52xx";
  const group* entry = ::getgrgid(about.st_gid);
  return entry == nullptr || about.st_gid == 0 ? "sim52xx" : entry->gr_name;
}

}  // namespace

Failure cannot_connect(const std::string& path, int error) {
  if (error == EACCES || error == EPERM) {
    Failure failure(Exit::denied, "you (" + user_name() + ") may not open " + path);
    failure.advice = group_advice(group_of(path));
    return failure;
  }
  std::string why = std::system_category().message(error);
  if (error == ENOENT) why = "there is no such socket";
  if (error == ECONNREFUSED) why = "nobody listens there";
  Failure failure(Exit::absent, "no daemon on " + path + ": " + why);
  failure.advice = service_advice();
  if (error == ENOENT)
    failure.advice.emplace_back("is its socket elsewhere? --socket PATH, or SIM52XX_SOCKET");
  return failure;
}

std::vector<std::string> service_advice() {
  return {"is the service running? systemctl status sim52xxd; journalctl -u sim52xxd -n 50"};
}

std::vector<std::string> group_advice(const std::string& group) {
  return {"members of the group " + group + " may: sudo usermod -aG " + group + " " + user_name(),
          "then log in again, or once: newgrp " + group};
}

}  // namespace sim52xx::ctl
