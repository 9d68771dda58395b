#include "daemon/system/version.hpp"

namespace sim52xx::daemon {

const std::string_view version = SIM52XX_VERSION;

}  // namespace sim52xx::daemon
