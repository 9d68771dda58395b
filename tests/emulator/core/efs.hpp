// The modem's file system: AT+FSxxx, as far as users of GETFILE and PUTFILE need it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/core/commands.hpp"
#include "tests/emulator/core/file_store.hpp"

namespace sim52xx::sim {

class Modem;

class Efs {
 public:
  Efs(Modem& modem, FileStore& files) : modem_(modem), files_(files) {}
  void install(CommandTable& table);
  void reset() { current_ = "C:"; }

  // The folder that <dir> of CFTPSGETFILE and CFTPSPUTFILE means; nullopt where there is none.
  [[nodiscard]] std::optional<std::string> folder(int dir) const;
  static bool valid_name(std::string_view name);
  FileStore& files() { return files_; }
  [[nodiscard]] std::int64_t room() const;

 private:
  void install_folders(CommandTable& table);
  void install_files(CommandTable& table);
  // A command that takes one path, printed where it was not found in words.
  void add(CommandTable& table, const std::string& name,
           Result (Efs::*act)(const std::string& path));
  Result change_folder(const std::string& path);
  Result make_folder(const std::string& path);
  Result remove_folder(const std::string& path);
  Result remove(const std::string& path);
  Result attributes(const std::string& path);
  Result rename(const Arguments& arguments);
  Result list(int what);
  Result refused(std::string_view words);
  // A name, or a path from the root, as a whole path; nullopt when it cannot be one.
  [[nodiscard]] std::optional<std::string> whole(std::string_view path) const;

  Modem& modem_;
  FileStore& files_;
  std::string current_ = "C:";  // without '/' at its end
};

}  // namespace sim52xx::sim
