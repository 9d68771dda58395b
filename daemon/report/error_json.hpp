// An Error as JSON: the same object in answers of the control socket, in status and in the body of
// an HTTP failure reply.
#pragma once

#include <nlohmann/json.hpp>

#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

// {kind, stage, retryable} and, where they are known, {at, response, alert:{level, err, bits},
// waiting_for:{stack, holder, since}}.
nlohmann::json error_data(const Error& error);

// The same with {message}.
nlohmann::json error_object(const Error& error);

}  // namespace sim52xx::daemon
