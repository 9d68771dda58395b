// What a line of the modem tells of the network: signal, operator, technology, registration. The
// same lines come as answers (AT+CSQ, AT+COPS?, AT+CNSMOD?, AT+CREG?) and by themselves.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sim52xx {

// A member that is set and empty says that there is none.
struct NetworkFact {
  std::optional<std::optional<int>> signal_dbm;
  std::optional<std::string> operator_name;
  std::optional<std::string> technology;
  std::optional<int> registration;  // 1 home, 5 roaming; 3GPP 27.007
};

NetworkFact read_network_fact(std::string_view line);

}  // namespace sim52xx
