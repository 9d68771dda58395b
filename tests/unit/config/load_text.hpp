// A configuration from a text, as if it stood in a file named "f".
#pragma once

#include <string>
#include <utility>

#include "daemon/config/reader.hpp"

namespace sim52xx::daemon::config {

inline Loaded load_text(std::string text) {
  return load({Source{"f", std::move(text)}});
}

}  // namespace sim52xx::daemon::config
