#include "core/laz/pointwise_points.h"

#include "core/laz/little_endian.h"

namespace tagscape::laz {
namespace {

constexpr std::size_t kFlagsAt = 14, kClassAt = 15, kAngleAt = 16, kUserAt = 17, kSourceAt = 18, kPointBytes = 20;

std::uint8_t byteAt(const std::byte* point, std::size_t offset) { return std::to_integer<std::uint8_t>(point[offset]); }

std::uint32_t returnNumber(const std::byte* point) { return byteAt(point, kFlagsAt) & 7U; }
std::uint32_t numReturns(const std::byte* point) { return (byteAt(point, kFlagsAt) >> 3) & 7U; }

std::int32_t add(std::int32_t a, std::int32_t b) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b));
}

}  // namespace

void PointDecoder::decodeAttributes(ArithmeticDecoder& decoder, std::uint32_t changed, std::byte* point) {
  constexpr std::uint32_t kSource = 1, kUser = 2, kAngle = 4, kClass = 8, kIntensity = 16, kFlags = 32;
  const auto decodeByte = [&](std::size_t at, auto& models) {
    point[at] = static_cast<std::byte>(decoder.symbol(models[byteAt(point, at)]));
  };
  if ((changed & kFlags) != 0) decodeByte(kFlagsAt, flags_);
  if ((changed & kIntensity) != 0) {
    const std::uint32_t map = returnMap8(numReturns(point), returnNumber(point));
    auto& last = last_intensity_[map];
    last = static_cast<std::uint16_t>(intensity_.decode(decoder, last, std::min(map, 3U)));
  }
  if ((changed & kClass) != 0) decodeByte(kClassAt, classes_);
  if ((changed & kAngle) != 0) {
    const std::uint32_t direction = (byteAt(point, kFlagsAt) >> 6) & 1U;
    const std::uint32_t change = decoder.symbol(scan_angles_[direction]);
    point[kAngleAt] = static_cast<std::byte>((change + byteAt(point, kAngleAt)) & 0xffU);
  }
  if ((changed & kUser) != 0) decodeByte(kUserAt, user_data_);
  if ((changed & kSource) != 0) {
    const auto last = load<std::uint16_t>(point + kSourceAt);
    store(point + kSourceAt, static_cast<std::uint16_t>(source_.decode(decoder, last, 0)));
  }
}

void PointDecoder::decodeCoordinates(ArithmeticDecoder& decoder, std::byte* point) {
  const std::uint32_t num_returns = numReturns(point);
  const std::uint32_t map = returnMap8(num_returns, returnNumber(point));
  const bool is_single = num_returns == 1;
  constexpr std::uint32_t kMaxBitsY = 20, kMaxBitsZ = 18;

  const std::int32_t dx = dx_.decode(decoder, median_dx_[map].get(), is_single ? 1 : 0);
  median_dx_[map].add(dx);
  store(point, add(load<std::int32_t>(point), dx));

  const std::uint32_t context_y = bitsContext(dx_.lastBits(), kMaxBitsY, is_single);
  const std::int32_t dy = dy_.decode(decoder, median_dy_[map].get(), context_y);
  median_dy_[map].add(dy);
  store(point + 4, add(load<std::int32_t>(point + 4), dy));

  const std::uint32_t context_z = bitsContext((dx_.lastBits() + dy_.lastBits()) / 2, kMaxBitsZ, is_single);
  auto& last_z = last_z_[returnLevel8(num_returns, returnNumber(point))];
  last_z = z_.decode(decoder, last_z, context_z);
  store(point + 8, last_z);
}

void PointDecoder::decode(ArithmeticDecoder& decoder, std::byte* point) {
  const std::uint32_t changed = decoder.symbol(changed_values_);
  if (changed != 0) decodeAttributes(decoder, changed, point);
  decodeCoordinates(decoder, point);
}

std::int32_t TimeDecoder::times(std::int32_t factor) const {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(factor) *
                                   static_cast<std::uint32_t>(last_steps_[current_]));
}

void TimeDecoder::countExtreme(std::int32_t step) {
  constexpr int kOften = 3;
  if (++num_extreme_[current_] <= kOften) return;
  last_steps_[current_] = step;
  num_extreme_[current_] = 0;
}

void TimeDecoder::decodeWhole(ArithmeticDecoder& decoder) {
  constexpr std::uint32_t kContext = 8, kHalf = 32;
  const auto upper_before = static_cast<std::int32_t>(times_[current_] >> kHalf);
  const auto upper = static_cast<std::uint32_t>(steps_.decode(decoder, upper_before, kContext));
  newest_ = (newest_ + 1) % kNumSequences;
  times_[newest_] = (std::uint64_t{upper} << kHalf) | decoder.bits(kHalf);
  current_ = newest_;
  last_steps_[current_] = 0;
  num_extreme_[current_] = 0;
}

bool TimeDecoder::decodeWithoutStep(ArithmeticDecoder& decoder) {
  const std::uint32_t kind = decoder.symbol(no_step_);
  if (kind == 0) return true;
  if (kind == 1) {
    last_steps_[current_] = steps_.decode(decoder, 0, 0);
    times_[current_] += static_cast<std::uint64_t>(std::int64_t{last_steps_[current_]});
    num_extreme_[current_] = 0;
    return true;
  }
  if (kind == 2) {
    decodeWhole(decoder);
    return true;
  }
  current_ = (current_ + kind - 2) % kNumSequences;
  return false;
}

void TimeDecoder::decodeStep(ArithmeticDecoder& decoder, std::uint32_t multiple) {
  constexpr std::int32_t kMinNegative = -10;
  constexpr std::uint32_t kFew = 10;
  std::int32_t step = 0;
  if (multiple == 0) {
    step = steps_.decode(decoder, 0, 7);
    countExtreme(step);
  } else if (multiple == 1) {
    step = steps_.decode(decoder, last_steps_[current_], 1);
    num_extreme_[current_] = 0;
  } else if (multiple < kMaxMultiples) {
    step = steps_.decode(decoder, times(static_cast<std::int32_t>(multiple)), multiple < kFew ? 2 : 3);
  } else if (multiple == kMaxMultiples) {
    step = steps_.decode(decoder, times(static_cast<std::int32_t>(kMaxMultiples)), 4);
    countExtreme(step);
  } else {
    const auto negative = static_cast<std::int32_t>(kMaxMultiples) - static_cast<std::int32_t>(multiple);
    if (negative > kMinNegative) {
      step = steps_.decode(decoder, times(negative), 5);
    } else {
      step = steps_.decode(decoder, times(kMinNegative), 6);
      countExtreme(step);
    }
  }
  times_[current_] += static_cast<std::uint64_t>(std::int64_t{step});
}

bool TimeDecoder::decodeWithStep(ArithmeticDecoder& decoder) {
  const std::uint32_t multiple = decoder.symbol(multiples_);
  if (multiple == kUnchanged) return true;
  if (multiple < kUnchanged) {
    decodeStep(decoder, multiple);
    return true;
  }
  if (multiple == kWhole) {
    decodeWhole(decoder);
    return true;
  }
  current_ = (current_ + multiple - kWhole) % kNumSequences;
  return false;
}

std::uint64_t TimeDecoder::decode(ArithmeticDecoder& decoder) {
  // An encoder changes the sequence once; bytes of no encoder could go on changing it.
  for (std::uint32_t i = 0; i < kNumSequences; ++i) {
    if (last_steps_[current_] == 0 ? decodeWithoutStep(decoder) : decodeWithStep(decoder)) break;
  }
  return times_[current_];
}

PointwiseChunk::PointwiseChunk(const Compression& compression, std::span<const std::byte> bytes)
    : record_(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(compression.record_bytes)),
      decoder_(bytes.subspan(compression.record_bytes)),
      extra_bytes_(compression.num_extra_bytes, SymbolModel(256)) {
  if (compression.has_time) time_.emplace(load<std::uint64_t>(record_.data() + kPointBytes));
  if (compression.has_color) color_.emplace();
}

bool PointwiseChunk::next() {
  std::byte* item = record_.data();
  point_.decode(decoder_, item);
  item += kPointBytes;
  if (time_) {
    store(item, time_->decode(decoder_));
    item += sizeof(std::uint64_t);
  }
  if (color_) {
    store(item, color_->decode(decoder_, load<Rgb16>(item)));
    item += sizeof(Rgb16);
  }
  for (auto& model : extra_bytes_) {
    const std::uint32_t change = decoder_.symbol(model);
    *item = static_cast<std::byte>((change + std::to_integer<std::uint32_t>(*item)) & 0xffU);
    ++item;
  }
  return !decoder_.isPastEnd();
}

}  // namespace tagscape::laz
