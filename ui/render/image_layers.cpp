#include "ui/render/image_layers.h"

#include "ui/render/colors.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace tagscape {
namespace {

QRgb opaque(const Rgb8& rgb) { return qRgb(rgb[0], rgb[1], rgb[2]); }

std::array<QRgb, 256> heatTable(HeatMap map) {
  std::array<QRgb, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = opaque(heatColor(map, static_cast<float>(i) / 255));
  return table;
}

using ColorTable = std::array<QRgb, 256>;  // Initially transparent.

QImage tablePicture(const Image<std::uint8_t>& values, const ColorTable& table) {
  QImage picture(values.width, values.height, QImage::Format_ARGB32_Premultiplied);
  for (int y = 0; y < values.height; ++y) {
    auto* row = reinterpret_cast<QRgb*>(picture.scanLine(y));
    for (int x = 0; x < values.width; ++x) row[x] = table[values.at(x, y)];
  }
  return picture;
}

}  // namespace

QImage toQImage(const RgbImage& image) {
  QImage picture(image.width, image.height, QImage::Format_RGB888);
  const auto row_bytes = static_cast<std::size_t>(image.width) * 3;
  for (int y = 0; y < image.height; ++y) std::memcpy(picture.scanLine(y), &image.pixels[image.index(0, y)], row_bytes);
  return picture.convertToFormat(QImage::Format_RGB32);  // The fastest format for QPainter.
}

QImage heatPicture(const Image<float>& values, float threshold, HeatMap map, const HeatRange& range) {
  const auto table = heatTable(map);
  QImage picture(values.width, values.height, QImage::Format_ARGB32_Premultiplied);
  for (int y = 0; y < values.height; ++y) {
    auto* row = reinterpret_cast<QRgb*>(picture.scanLine(y));
    for (int x = 0; x < values.width; ++x) {
      const float value = values.at(x, y);
      const bool shown = value > 0 && value >= threshold;
      row[x] = shown ? table[static_cast<std::size_t>(std::lround(std::clamp(range.place(value), 0.F, 1.F) * 255))] : 0;
    }
  }
  return picture;
}

QImage depthPicture(const DepthImage& depth, HeatMap map) {
  // Percentiles, since one outlier would give all other values the same colour.
  std::vector<float> values;
  for (const float value : depth.pixels) {
    if (value > 0 && std::isfinite(value)) values.push_back(value);
  }
  const auto quantile = [&values](double fraction) {
    if (values.empty()) return 0.F;
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    return *place;
  };
  const float nearest = quantile(.01), farthest = quantile(.99);
  const auto table = heatTable(map);
  const float span = std::max(farthest - nearest, 1e-3F);
  QImage picture(depth.width, depth.height, QImage::Format_RGB32);
  for (int y = 0; y < depth.height; ++y) {
    auto* row = reinterpret_cast<QRgb*>(picture.scanLine(y));
    for (int x = 0; x < depth.width; ++x) {
      const float place = std::clamp((depth.at(x, y) - nearest) / span, 0.F, 1.F);
      row[x] = depth.at(x, y) > 0 ? table[static_cast<std::size_t>(std::lround(place * 255))] : qRgb(0, 0, 0);
    }
  }
  return picture;
}

Image<float> enlargeCam(const FrameCams& cams, int class_index, int width, int height) {
  Image<float> result(width, height, 1);
  if (cams.width <= 0 || cams.height <= 0) return result;
  const CellSampler sampler = cams.sampler(width, height);
  const float* map = cams.map(class_index);
  const std::vector<CellPair> columns = sampler.columns().ofAllPixels();
  const std::vector<CellPair> rows = sampler.rows().ofAllPixels();
  const auto row_length = static_cast<std::size_t>(cams.width);
  float* value = result.pixels.data();
  for (const CellPair& row : rows) {
    for (const CellPair& column : columns) *value++ = CellBlend{column, row, row_length}.of(map);
  }
  return result;
}

QImage reasonPicture(const Image<std::uint8_t>& reasons) {
  ColorTable table{};
  for (int i = 0; i < kNumVisibilities; ++i)
    table[static_cast<std::size_t>(i)] = opaque(reasonColor(static_cast<Visibility>(i)));
  return tablePicture(reasons, table);
}

QImage labelPicture(const Image<std::uint8_t>& labels, std::span<const Color8> colors) {
  ColorTable table{};
  for (std::size_t i = 0; i < std::min<std::size_t>(colors.size(), kNoClass); ++i) table[i] = opaque(colors[i]);
  return tablePicture(labels, table);
}

QImage classPicture(const Image<std::uint8_t>& labels, ClassPalette palette, const TagSet& hidden) {
  ColorTable table{};
  for (std::size_t i = 0; i < kNumClasses; ++i) table[i] = hidden[i] ? 0 : opaque(classColors(palette)[i]);
  return tablePicture(labels, table);
}

Image<std::uint8_t> pseudoLabels(const FrameCams& cams, float threshold, int width, int height) {
  Image<float> largest(width, height, 1);
  Image<std::uint8_t> labels(width, height, 1, kNoClass);
  for (int c = 0; c < kNumClasses; ++c) {
    const Image<float> values = enlargeCam(cams, c, width, height);
    for (std::size_t i = 0; i < values.pixels.size(); ++i) {
      if (values.pixels[i] < threshold || values.pixels[i] <= largest.pixels[i]) continue;
      largest.pixels[i] = values.pixels[i];
      labels.pixels[i] = static_cast<std::uint8_t>(c);
    }
  }
  return labels;
}

}  // namespace tagscape
