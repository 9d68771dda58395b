#include "protocol/close_detector.hpp"
