// Reads the members of a request's parameters, or of an object inside of them, whose types the row
// has checked; names them in refusals ("steps[2].path").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/control/rpc.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon::control {

class CallParams {
 public:
  explicit CallParams(json& object, std::string prefix = {})
      : object_(object), prefix_(std::move(prefix)) {}

  // nullptr where it was not given.
  [[nodiscard]] json* find(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  // Takes the text out of the object, which is shorter afterwards; empty where it was not given.
  [[nodiscard]] std::string take_text(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const;
  [[nodiscard]] Result<std::int64_t> integer(std::string_view name, std::int64_t lowest,
                                             std::int64_t highest, std::int64_t otherwise) const;
  // Seconds, more than none.
  [[nodiscard]] Result<std::optional<double>> seconds(std::string_view name) const;

  [[nodiscard]] std::string path(std::string_view name) const {
    return prefix_ + std::string(name);
  }
  [[nodiscard]] Error wrong(std::string_view name, std::string_view allowed) const {
    return wrong_parameter(path(name), allowed);
  }

 private:
  json& object_;
  std::string prefix_;
};

}  // namespace sim52xx::daemon::control
