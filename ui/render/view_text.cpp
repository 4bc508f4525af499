// Conversion of OrbitCamera to text and back.

#include "ui/render/orbit_camera.h"

#include <cmath>
#include <locale>
#include <map>
#include <numbers>
#include <sstream>

namespace tagscape {
namespace {

constexpr const char* kMagic = "tagscape-view";
constexpr float kDegreesPerRad = 180 / std::numbers::pi_v<float>;

tl::unexpected<Error> refuse(const std::string& problem) {
  return fail(
      ErrorCode::InvalidInput,
      "This is no view: " + problem +
          ". A view is a line such as \"tagscape-view target 0 0 1 distance 3 azimuth -60 elevation 30 roll 0 fov "
          "50\"; copy one from the 3D view.");
}

}  // namespace

std::string OrbitCamera::toText() const {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text.precision(7);
  text << kMagic << " target " << target_in_world_.x() << ' ' << target_in_world_.y() << ' ' << target_in_world_.z()
       << " distance " << distance_m_ << " azimuth " << azimuth_rad_ * kDegreesPerRad << " elevation "
       << elevation_rad_ * kDegreesPerRad << " roll " << roll_rad_ * kDegreesPerRad << " fov "
       << field_of_view_rad_ * kDegreesPerRad;
  return text.str();
}

Status OrbitCamera::setFromText(std::string_view text) {
  std::istringstream words{std::string(text)};
  words.imbue(std::locale::classic());
  std::string word;
  words >> word;
  if (word != kMagic) return refuse(std::string("it does not begin with \"") + kMagic + "\"");
  std::map<std::string, std::vector<float>> numbers;
  while (words >> word) {
    auto& values = numbers[word];
    for (std::size_t count = word == "target" ? 3 : 1; values.size() < count;) {
      float value = 0;
      if (!(words >> value) || !std::isfinite(value)) return refuse("after \"" + word + "\" there is no number");
      values.push_back(value);
    }
  }
  for (const char* name : {"target", "distance", "azimuth", "elevation"}) {
    if (!numbers.contains(name)) return refuse(std::string("\"") + name + "\" is missing");
  }
  const auto number = [&](const char* name, float otherwise) {
    return numbers.contains(name) ? numbers.at(name).front() : otherwise;
  };
  const float distance_m = number("distance", 0), elevation = number("elevation", 0), fov = number("fov", 50);
  if (!(distance_m > 0 && distance_m < 1e5F)) return refuse("its distance is not between 0 and 100 km");
  if (std::abs(elevation) > 90) return refuse("its elevation is beyond 90 degrees");
  if (!(fov >= 1 && fov <= 170)) return refuse("its fov is not between 1 and 170 degrees");
  target_in_world_ = Eigen::Map<const Eigen::Vector3f>(numbers.at("target").data());
  distance_m_ = distance_m;
  azimuth_rad_ = number("azimuth", 0) / kDegreesPerRad;
  elevation_rad_ = elevation / kDegreesPerRad;
  roll_rad_ = number("roll", 0) / kDegreesPerRad;
  field_of_view_rad_ = fov / kDegreesPerRad;
  return {};
}

}  // namespace tagscape
