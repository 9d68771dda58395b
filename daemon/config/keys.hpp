// The table of configuration keys. Reading, error texts, --print-config and the manual page all
// come from these rows: a new key is one row here and one member in config.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/config/config.hpp"

namespace sim52xx::daemon::config {

enum class Kind : std::uint8_t {
  text,        // goes to the modem in quotes: printable ASCII; range is its length
  path,        // absolute
  credential,  // a file name without directories
  shell,       // one line for /bin/sh
  host,
  integer,  // within range, or one of words where there are any
  bytes,
  seconds,  // integer or float; kept in milliseconds
  word,     // one of words; a word of digits is written as an integer
  alerts,   // an array of alert names; kept as a mask
};

// A checked value on its way between TOML and a member of the configuration.
struct Value {
  std::string text;         // text, path, credential, shell, host, and word where kept as text
  std::int64_t number = 0;  // integer, bytes, milliseconds, index into words, mask
  bool unset = false;       // an optional member without a value

  friend bool operator==(const Value&, const Value&) = default;
};

// The part of the configuration that a section describes.
using Target = std::variant<Modem*, Endpoint*, Https*, StackTimeouts*, Arbiter*, Control*>;

struct Range {
  double lowest = 0;
  double highest = 0;
};

struct KeyRow {
  std::string_view group;  // which sections have it, see SectionRow
  std::string_view key;
  Kind kind;
  Range range;
  std::span<const std::string_view> words;
  std::string_view description;
  void (*set)(Target, const Value&);
  Value (*get)(Target);
};

struct SectionRow {
  std::string_view path;    // "ssl0"; "endpoint.*" stands for any name
  std::string_view group;   // of its keys
  std::string_view hidden;  // a key of the group that this section does not have
  std::string_view description;
};

// In the order in which they are shown.
std::span<const KeyRow> key_rows();
std::span<const SectionRow> section_rows();

bool has_key(const SectionRow& section, const KeyRow& key);

// The row of that key in that section; nullptr where there is none.
const KeyRow* find_key(const SectionRow& section, std::string_view key);

// The section of that path ("modem", "endpoint.cloud"); nullptr where there is none.
const SectionRow* find_section(std::string_view path);

}  // namespace sim52xx::daemon::config
