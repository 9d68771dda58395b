// How many descriptors the process may have. A thousand clients and their bodies take more than the
// customary 1024.
#pragma once

#include <cstddef>

namespace sim52xx::daemon {

// Raises the limit as far as that is allowed; returns what it is now.
std::size_t raise_descriptor_limit();

// Whether this descriptor is one of the last: the kernel gives out the lowest free number. What is
// left is for the modem and the data sockets, not for more clients.
bool is_one_of_the_last(int fd);

}  // namespace sim52xx::daemon
