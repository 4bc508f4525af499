#pragma once

namespace tagscape {

/// Sends what Open3D says to the log (level debug): by itself it prints to stdout, which holds results. Called before
/// Open3D is used; costs nothing from the second call on. Safe from any thread.
void logOpen3dMessages();

}  // namespace tagscape
