#include "ui/models/shown_labels.h"

#include <utility>

namespace tagscape {

std::vector<Color8> ShownLabels::colors(ClassPalette palette) const {
  const auto catalog = palette == ClassPalette::Distinct ? catalogClassesOf(classes_)
                                                         : std::vector<std::uint8_t>(classes_.size(), kNoClass);
  std::vector<Color8> colors;
  for (std::size_t i = 0; i < classes_.size(); ++i)
    colors.push_back(catalog[i] == kNoClass ? classes_.classes[i].rgb : classColors(palette)[catalog[i]]);
  return colors;
}

QString ShownLabels::nameOf(std::uint8_t label) const {
  return label < classes_.size() ? QString::fromStdString(classes_.classes[label].name) : QStringLiteral("–");
}

std::shared_ptr<const std::vector<std::uint8_t>> ShownLabels::copy() const {
  if (layer_ && !copy_)
    copy_ = std::make_shared<const std::vector<std::uint8_t>>(layer_->labels().begin(), layer_->labels().end());
  return copy_;
}

void ShownLabels::set(std::shared_ptr<const LabelLayer> layer, ClassSet classes) {
  layer_ = std::move(layer);
  classes_ = std::move(classes);
  copy_.reset();
  Q_EMIT replaced();
}

void ShownLabels::announce(const std::vector<std::uint32_t>& points) {
  copy_.reset();
  Q_EMIT changed(points);
}

}  // namespace tagscape
