// What "status" shows of the modem, its settings apart.
#pragma once

#include <nlohmann/json.hpp>

namespace sim52xx::sim {

class Emulator;

nlohmann::json modem_status(Emulator& emulator);

}  // namespace sim52xx::sim
