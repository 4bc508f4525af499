#include "core/laz/layered_points.h"

#include "core/laz/little_endian.h"

namespace tagscape::laz {
namespace {

constexpr std::size_t kReturnsAt = 14, kFlagsAt = 15, kClassAt = 16, kColorAt = 30;
enum Layer : std::size_t { kXy = 0, kZ = 1, kCategories = 2, kFlags = 3, kColors = 9 };

std::int32_t add(std::int32_t a, std::int32_t b) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b));
}

/// Whether a return is the first (1), the last (2), both or neither.
std::uint32_t placeOf(std::uint32_t return_number, std::uint32_t num_returns) {
  return (return_number == 1 ? 1U : 0U) + (return_number >= num_returns ? 2U : 0U);
}

}  // namespace

std::optional<LayeredChunk> LayeredChunk::open(const Compression& compression, std::span<const std::byte> bytes) {
  const std::size_t sizes_at = compression.record_bytes + sizeof(std::uint32_t);
  const std::size_t layers_at = sizes_at + sizeof(std::uint32_t) * compression.num_layers;
  if (bytes.size() < layers_at) return std::nullopt;
  LayeredChunk chunk;
  chunk.record_.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(compression.record_bytes));
  chunk.num_points_ = load<std::uint32_t>(bytes.data() + compression.record_bytes);
  chunk.keeps_colors_apart_ = compression.keeps_colors_apart;
  chunk.has_color_ = compression.has_color;
  std::size_t at = layers_at;
  for (std::size_t layer = 0; layer < compression.num_layers; ++layer) {
    const std::size_t size = load<std::uint32_t>(bytes.data() + sizes_at + sizeof(std::uint32_t) * layer);
    if (size > bytes.size() - at) return std::nullopt;
    const auto part = bytes.subspan(at, size);
    at += size;
    if (layer == kXy) chunk.xy_ = ArithmeticDecoder(part);
    if (size == 0) continue;
    if (layer == kZ) chunk.z_.emplace(part);
    if (layer == kCategories) chunk.categories_.emplace(part);
    if (layer == kFlags) chunk.flags_.emplace(part);
    if (layer == kColors && compression.has_color) chunk.colors_.emplace(part);
  }
  chunk.num_bytes_ = at;
  chunk.loadFirst();
  return chunk;
}

void LayeredChunk::loadFirst() {
  Point point{.x = load<std::int32_t>(record_.data()),
              .y = load<std::int32_t>(record_.data() + 4),
              .z = load<std::int32_t>(record_.data() + 8)};
  const auto returns = std::to_integer<std::uint32_t>(record_[kReturnsAt]);
  point.return_number = returns & 15U;
  point.num_returns = returns >> 4;
  const auto flags = std::to_integer<std::uint32_t>(record_[kFlagsAt]);
  point.flags = (flags & 15U) | ((flags >> 6) << 4);
  point.category = std::to_integer<std::uint32_t>(record_[kClassAt]);
  current_ = color_channel_ = (flags >> 4) & 3U;
  channels_[current_].emplace(point);
  if (!has_color_) return;
  channel_colors_[current_].last = load<Rgb16>(record_.data() + kColorAt);
  channel_colors_[current_].decoder.emplace();
}

void LayeredChunk::changeChannel() {
  const std::uint32_t step = xy_.symbol(channels_[current_]->next_channel);
  const std::uint32_t next = (current_ + step + 1) % 4;
  if (!channels_[next]) channels_[next].emplace(channels_[current_]->last);
  current_ = next;
}

std::uint32_t LayeredChunk::decodeReturns(std::uint32_t changed, bool time_changes, Point& point) {
  constexpr std::uint32_t kNumberOfReturns = 4, kMost = 16;
  Channel& channel = *channels_[current_];
  if ((changed & kNumberOfReturns) != 0) point.num_returns = xy_.symbol(channel.num_returns[point.num_returns]);
  switch (changed & 3U) {
    case 0:
      break;
    case 1:
      point.return_number = (point.return_number + 1) % kMost;
      break;
    case 2:
      point.return_number = (point.return_number + kMost - 1) % kMost;
      break;
    default:
      point.return_number = time_changes ? xy_.symbol(channel.return_numbers[point.return_number])
                                         : (point.return_number + xy_.symbol(channel.return_step) + 2) % kMost;
  }
  return placeOf(point.return_number, point.num_returns);
}

void LayeredChunk::decodeCoordinates(bool time_changes, Channel& channel) {
  constexpr std::uint32_t kMaxBitsY = 20, kMaxBitsZ = 18;
  Point& point = channel.last;
  const bool is_single = point.num_returns == 1;
  const std::uint32_t map = 2 * returnMap16(point.num_returns, point.return_number) + (time_changes ? 1 : 0);

  const std::int32_t dx = channel.dx.decode(xy_, channel.median_dx[map].get(), is_single ? 1 : 0);
  channel.median_dx[map].add(dx);
  point.x = add(point.x, dx);

  const std::uint32_t context_y = bitsContext(channel.dx.lastBits(), kMaxBitsY, is_single);
  const std::int32_t dy = channel.dy.decode(xy_, channel.median_dy[map].get(), context_y);
  channel.median_dy[map].add(dy);
  point.y = add(point.y, dy);

  if (!z_) return;
  const std::uint32_t bits = (channel.dx.lastBits() + channel.dy.lastBits()) / 2;
  auto& last_z = channel.last_z[returnLevel16(point.num_returns, point.return_number)];
  last_z = channel.z.decode(*z_, last_z, bitsContext(bits, kMaxBitsZ, is_single));
  point.z = last_z;
}

void LayeredChunk::decodeColor(std::uint32_t channel) {
  std::uint32_t source = color_channel_;
  if (color_channel_ != channel) {
    color_channel_ = channel;
    ChannelColors& colors = channel_colors_[channel];
    const bool is_new = !colors.decoder;
    if (is_new) {
      colors.decoder.emplace();
      colors.last = channel_colors_[source].last;
    }
    if (is_new || keeps_colors_apart_) source = channel;
  }
  Rgb16& last = channel_colors_[source].last;
  if (colors_) last = channel_colors_[channel].decoder->decode(*colors_, last);
  store(record_.data() + kColorAt, last);
}

void LayeredChunk::storePoint(const Point& point) {
  store(record_.data(), point.x);
  store(record_.data() + 4, point.y);
  store(record_.data() + 8, point.z);
  record_[kReturnsAt] = static_cast<std::byte>(point.return_number | (point.num_returns << 4));
  record_[kFlagsAt] = static_cast<std::byte>((point.flags & 15U) | (current_ << 4) | ((point.flags >> 4) << 6));
  record_[kClassAt] = static_cast<std::byte>(point.category);
}

bool LayeredChunk::next() {
  constexpr std::uint32_t kTime = 16, kChannel = 64, kSingle = 3;
  const Channel& before = *channels_[current_];
  const std::uint32_t context =
      placeOf(before.last.return_number, before.last.num_returns) + (before.time_changed ? 4U : 0U);
  const std::uint32_t changed = xy_.symbol(channels_[current_]->changed_values[context]);
  const bool changes_channel = (changed & kChannel) != 0;
  if (changes_channel) changeChannel();
  Channel& channel = *channels_[current_];
  Point& point = channel.last;
  const bool time_changes = (changed & kTime) != 0;
  const std::uint32_t place = decodeReturns(changed, time_changes, point);
  decodeCoordinates(time_changes, channel);
  if (categories_) {
    const std::uint32_t category_context = ((point.category & 0x1fU) << 1) + (place == kSingle ? 1 : 0);
    point.category = categories_->symbol(channel.categories[category_context]);
  }
  if (flags_) point.flags = flags_->symbol(channel.flags[point.flags]);
  channel.time_changed = time_changes;
  storePoint(point);
  if (has_color_) decodeColor(changes_channel || keeps_colors_apart_ ? current_ : 0);
  const auto ended = [](const std::optional<ArithmeticDecoder>& layer) { return layer && layer->isPastEnd(); };
  return !xy_.isPastEnd() && !ended(z_) && !ended(categories_) && !ended(flags_) && !ended(colors_);
}

}  // namespace tagscape::laz
