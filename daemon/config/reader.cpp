#include "daemon/config/reader.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <tuple>

#include "daemon/config/build.hpp"
#include "daemon/config/nearest.hpp"
#include "daemon/config/toml.hpp"
#include "daemon/config/toml_fault.hpp"
#include "daemon/config/value.hpp"

namespace sim52xx::daemon::config {
namespace {

using std::string;
using std::string_view;

string joined(string_view path, string_view key) {
  return path.empty() ? string(key) : string(path) + "." + string(key);
}

// A key as it would have to be written: bare where it can be.
string shown(string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return bare ? string(key) : toml_string(key);
}

string meant(string_view word) {
  return word.empty() ? string() : " (did you mean " + string(word) + "?)";
}

// Walks one file's table, checks each value by its row, and keeps it.
class FileReader {
 public:
  FileReader(const Source& source, Settings& settings, std::vector<string>& problems)
      : source_(source), settings_(settings), problems_(problems) {}

  void read() {
    if (const auto fault = find_toml_fault(source_.text)) {
      complain({fault->line, fault->column}, "", fault->words);
      return report();
    }
    try {
      const toml::parse_result parsed = toml::parse(source_.text, source_.name);
      if (parsed)
        walk(parsed.table(), "");
      else
        complain(parsed.error().source().begin, "", string(parsed.error().description()));
    } catch (const TomlAssertion&) {
      complain({line_of_assertion(source_.text), 1}, "",
               "found brackets, quotes or commas that do not match");
    }
    report();
  }

 private:
  struct Problem {
    toml::source_position where;
    string words;
  };

  void walk(const toml::table& table, const string& path) {
    for (const auto& [key, node] : table) {
      const string inner = joined(path, shown(key.str()));
      const SectionRow* outer = find_section(path);
      if (path == "endpoint" || inner == "endpoint" || find_section(inner) != nullptr)
        enter(inner, key, node);
      else if (outer != nullptr)
        read_key(path, *outer, key, node);
      else
        unknown_section(inner, key, node);
    }
  }

  void enter(const string& path, const toml::key& key, const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      complain(key.source().begin, path, "found a value, allowed the section [" + path + "]");
      return;
    }
    if (!check_endpoint_name(path, key)) return;
    if (path != "endpoint") {
      const auto [entry, fresh] = settings_.try_emplace(path);
      if (fresh) entry->second.origin = origin(key.source().begin);
    }
    walk(*table, path);
  }

  bool check_endpoint_name(string_view path, const toml::key& key) {
    constexpr std::array<string_view, 3> taken{"ssl0", "ssl1", "control"};
    constexpr std::size_t longest = 64;
    if (!path.starts_with("endpoint.")) return true;
    const string_view name = key.str();
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    string why;
    if (std::find(taken.begin(), taken.end(), name) != taken.end())
      why = "found a name that is taken by a socket of the daemon";
    else if (!plain || name.empty() || name.size() > longest)
      why = "found the name " + toml_string(name.substr(0, longest));
    if (why.empty()) return true;
    complain(key.source().begin, path,
             why + ", allowed a-z, 0-9, '_' and '-', at most 64, but not ssl0, ssl1, control");
    return false;
  }

  void read_key(const string& path, const SectionRow& section, const toml::key& key,
                const toml::node& node) {
    const KeyRow* row = find_key(section, key.str());
    if (row == nullptr) {
      unknown_key(path, section, key);
      return;
    }
    const string name = joined(path, key.str());
    std::vector<Complaint> complaints;
    Value value = read_value(node, *row, complaints);
    for (const Complaint& complaint : complaints)
      complain(complaint.where, name, complaint.words);
    Setting setting{std::move(value), origin(node.source().begin)};
    settings_[path].values.insert_or_assign(string(key.str()), std::move(setting));
  }

  void unknown_key(const string& path, const SectionRow& section, const toml::key& key) {
    std::vector<string_view> known;
    for (const KeyRow& row : key_rows())
      if (has_key(section, row)) known.push_back(row.key);
    string hint = meant(nearest(key.str(), known));
    for (const SectionRow& other : section_rows())
      if (hint.empty() && other.hidden != key.str() && find_key(other, key.str()) != nullptr)
        hint = " (it is a key of [" + string(other.path) + "])";
    complain(key.source().begin, joined(path, shown(key.str())),
             "found an unknown key, allowed " + listed({known.begin(), known.end()}) + hint);
  }

  void unknown_section(const string& path, const toml::key& key, const toml::node& node) {
    std::vector<string_view> known;
    std::vector<string> all;
    for (const SectionRow& section : section_rows()) {
      known.push_back(section.path);
      const string_view name = section.path == "endpoint.*" ? "endpoint.NAME" : section.path;
      all.push_back("[" + string(name) + "]");
    }
    const string_view near = nearest(path, known);
    string hint = near.empty() ? string() : " (did you mean [" + string(near) + "]?)";
    for (const SectionRow& other : section_rows())
      if (hint.empty() && find_key(other, key.str()) != nullptr)
        hint = " (it is a key of [" + string(other.path) + "])";
    const string what = node.is_table() ? "an unknown section" : "a key outside of a section";
    complain(key.source().begin, path, "found " + what + ", allowed " + listed(all) + hint);
  }

  [[nodiscard]] Origin origin(toml::source_position where) const {
    return {source_.name, where.line, where.column};
  }

  void complain(toml::source_position where, string_view name, string_view words) {
    string text(name);
    if (!name.empty()) text += ": ";
    problems_here_.push_back({where, text.append(words)});
  }

  // In the order of the file; tables come sorted by name.
  void report() {
    const auto place = [](const Problem& problem) {
      return std::tie(problem.where.line, problem.where.column, problem.words);
    };
    std::sort(problems_here_.begin(), problems_here_.end(),
              [&](const Problem& a, const Problem& b) { return place(a) < place(b); });
    for (const Problem& problem : problems_here_)
      problems_.push_back(at(origin(problem.where)) + problem.words);
  }

  const Source& source_;
  Settings& settings_;
  std::vector<string>& problems_;
  std::vector<Problem> problems_here_;
};

// The text of a file; nullopt and errno where it cannot be read.
std::optional<string> read_text(const std::filesystem::path& path) {
  constexpr std::size_t most = std::size_t{1} << 20U;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"),
                                                             std::fclose);
  if (!file) return std::nullopt;
  string text(most + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) return std::nullopt;
  if (text.size() <= most) return text;
  errno = EFBIG;
  return std::nullopt;
}

std::vector<std::filesystem::path> drop_ins(const std::filesystem::path& main_file) {
  std::vector<std::filesystem::path> found;
  std::error_code ignored;  // no folder, no drop-ins
  const std::filesystem::directory_iterator folder(main_file.parent_path() / "conf.d", ignored);
  for (const auto& entry : folder) {
    const string name = entry.path().filename();
    if (name.ends_with(".toml") && !name.starts_with(".")) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

Loaded load(const std::vector<Source>& sources) {
  Loaded loaded;
  for (const Source& source : sources)
    FileReader(source, loaded.settings, loaded.problems).read();
  build(loaded);
  return loaded;
}

Loaded load(const std::filesystem::path& main_file) {
  std::vector<std::filesystem::path> paths = drop_ins(main_file);
  paths.insert(paths.begin(), main_file);
  std::vector<Source> sources;
  std::vector<string> unread;
  for (const std::filesystem::path& path : paths) {
    std::optional<string> text = read_text(path);
    if (text)
      sources.push_back({path.string(), std::move(*text)});
    else
      unread.push_back(
          path.string() + ": cannot be read: " + std::strerror(errno) +
          (errno == ENOENT && path == main_file ? "; --config FILE names another" : ""));
  }
  Loaded loaded = load(sources);
  loaded.problems.insert(loaded.problems.begin(), unread.begin(), unread.end());
  return loaded;
}

}  // namespace sim52xx::daemon::config
