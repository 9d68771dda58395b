#include "tests/emulator/core/efs.hpp"

#include <algorithm>
#include <array>

#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {
namespace {

constexpr std::size_t longest_path = 254;
constexpr std::string_view forbidden = "\\:*?\"<>|,;";

// <dir> 1 to 8.
constexpr std::array<std::string_view, 8> named_folders{"C:/Picture", "C:/Video", "C:/VideoCall",
                                                        "D:/Picture", "D:/Video", "D:/VideoCall",
                                                        "C:/Audio",   "D:/Audio"};

bool has_drive(std::string_view path) {
  return path.size() >= 2 && (path.starts_with("C:") || path.starts_with("D:"));
}

}  // namespace

bool Efs::valid_name(std::string_view name) {
  if (name.empty() || name.size() > longest_path) return false;
  const auto first = static_cast<unsigned char>(name.front());
  const bool letter = (first >= '0' && first <= '9') || (first >= 'A' && first <= 'Z') ||
                      (first >= 'a' && first <= 'z') || first == '_' || first >= 0x80;
  return letter && name.back() != '.' && name.find_first_of(forbidden) == std::string_view::npos &&
         name.find('/') == std::string_view::npos &&
         std::ranges::none_of(name, [](unsigned char c) { return c < 0x20; });
}

std::optional<std::string> Efs::folder(int dir) const {
  if (dir == 0) return current_;
  const auto index = static_cast<std::size_t>(dir - 1);
  if (index >= named_folders.size() || modem_.settings().efs_dirs == "current") return std::nullopt;
  const std::string path(named_folders.at(index));
  if (!files_.list(path)) return std::nullopt;
  return path;
}

std::int64_t Efs::room() const {
  return modem_.settings().efs_size - files_.used();
}

std::optional<std::string> Efs::whole(std::string_view path) const {
  std::string out = current_;
  if (has_drive(path)) {
    out = path.substr(0, 2);
    path.remove_prefix(2);
  } else if (path.starts_with('/')) {
    out = current_.substr(0, 2);
  }
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (part == ".." && out.size() > 2)
      out.erase(out.rfind('/'));
    else if (valid_name(part))
      out += "/" + std::string(part);
    else if (!part.empty() && part != ".")
      return std::nullopt;
  }
  if (out.size() > longest_path) return std::nullopt;
  return out;
}

Result Efs::refused(std::string_view words) {
  modem_.output().line(words);
  return error;
}

void Efs::add(CommandTable& table, const std::string& name,
              Result (Efs::*act)(const std::string& path)) {
  table.add(name, {.set =
                       [this, act](const Arguments& a) {
                         const auto path = whole(a.text(0));
                         if (a.size() != 1 || a.text(0).empty() || !path) return error;
                         return (this->*act)(*path);
                       },
                   .test = [] { return ok; }});
}

void Efs::install(CommandTable& table) {
  install_folders(table);
  install_files(table);
}

void Efs::install_folders(CommandTable& table) {
  add(table, "+FSMKDIR", &Efs::make_folder);
  add(table, "+FSRMDIR", &Efs::remove_folder);
  table.add("+FSCD", {.set =
                          [this](const Arguments& a) {
                            const auto path = whole(a.text(0));
                            return a.size() == 1 && path ? change_folder(*path) : error;
                          },
                      .read = [this] { return change_folder(current_); }});
  table.add("+FSLS", {.exec = [this](const Arguments&) { return list(0); },
                      .set =
                          [this](const Arguments& a) {
                            const auto what = a.number(0, 0, 2);
                            return what ? list(*what) : error;
                          },
                      .read =
                          [this] {
                            const auto found = files_.list(current_).value_or(FileStore::Listing{});
                            modem_.output().line(
                                "+FSLS: SUBDIRECTORIES:" + std::to_string(found.folders.size()) +
                                ",FILES:" + std::to_string(found.files.size()));
                            return ok;
                          }});
}

void Efs::install_files(CommandTable& table) {
  add(table, "+FSATTRI", &Efs::attributes);
  table.add("+FSDEL", {.set = [this](const Arguments& a) {
              if (a.text(0) == "*.*") return remove("*.*");
              const auto path = whole(a.text(0));
              return a.size() == 1 && path ? remove(*path) : error;
            }});
  table.add("+FSRENAME", {.set = [this](const Arguments& a) { return rename(a); }});
  table.add("+FSMEM", {.exec = [this](const Arguments&) {
              modem_.output().line("+FSMEM: C:(" + std::to_string(modem_.settings().efs_size) +
                                   ", " + std::to_string(files_.used()) + ")");
              return ok;
            }});
}

Result Efs::change_folder(const std::string& path) {
  if (!files_.list(path)) return refused("DIRECTORY NOT EXISTING");
  current_ = path;
  modem_.output().line("+FSCD: " + current_ + "/");
  return ok;
}

Result Efs::make_folder(const std::string& path) {
  if (files_.list(path)) return refused("DIRECTORY IS EXISTING");
  return files_.make_folder(path) ? ok : error;
}

Result Efs::remove_folder(const std::string& path) {
  if (!files_.list(path)) return refused("DIRECTORY NOT EXISTING");
  return files_.remove_folder(path) ? ok : error;
}

Result Efs::remove(const std::string& path) {
  if (path == "*.*") {
    const auto found = files_.list(current_).value_or(FileStore::Listing{});
    for (const auto& file : found.files)
      files_.remove(current_ + "/" + file);
    return ok;
  }
  return files_.remove(path) ? ok : refused("FILE NOT EXISTING");
}

Result Efs::attributes(const std::string& path) {
  const auto facts = files_.facts(path);
  if (!facts) return refused("FILE NOT EXISTING");
  modem_.output().line("+FSATTRI: " + std::to_string(facts->size) + ", " + facts->date);
  return ok;
}

Result Efs::rename(const Arguments& arguments) {
  const auto from = whole(arguments.text(0));
  const auto to = whole(arguments.text(1));
  if (arguments.size() != 2 || !from || !to) return error;
  if (!files_.facts(*from)) return refused("FILE NOT EXISTING");
  if (files_.facts(*to)) return refused("FILE IS EXISTING");
  return files_.rename(*from, *to) ? ok : error;
}

// 0: folders and files, 1: folders, 2: files.
Result Efs::list(int what) {
  const auto found = files_.list(current_).value_or(FileStore::Listing{});
  const auto show = [this](std::string_view title, const std::vector<std::string>& names) {
    if (names.empty()) return;
    std::string text = "+FSLS: " + std::string(title) + ":";
    for (const auto& name : names)
      text += "\r\n" + name;
    modem_.output().line(text);
  };
  if (what != 2) show("SUBDIRECTORIES", found.folders);
  if (what != 1) show("FILES", found.files);
  return ok;
}

}  // namespace sim52xx::sim
