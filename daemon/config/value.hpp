// Between TOML and Value, by the row of the key: what is read, what is refused and with which
// words, and how a value is written back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/keys.hpp"
#include "daemon/config/toml.hpp"

namespace sim52xx::daemon::config {

// Something wrong at one place of a file. `found` is never a secret: secrets are not in files.
struct Complaint {
  toml::source_position where;
  std::string words;  // "found 70000, allowed 1 to 65535"
};

// Reads the value of a key; adds to `complaints` what is wrong with it. Only where nothing was
// added does the value mean anything.
Value read_value(const toml::node& node, const KeyRow& row, std::vector<Complaint>& complaints);

// What the row allows, in words: "1 to 65535", "\"wait\", \"reject\" or \"kick\"".
std::string allowed(const KeyRow& row);

// The value as TOML; an unset one as an empty string.
std::string to_toml(const Value& value, const KeyRow& row);

// A TOML basic string: quoted, every byte that is not plain escaped.
std::string toml_string(std::string_view text);

// "a, b or c".
std::string listed(const std::vector<std::string>& words);

}  // namespace sim52xx::daemon::config
