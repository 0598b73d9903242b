import CoreMetrics
import Synchronization

/// How many values were how large, in steps that suit times in seconds: from the thousandth that a page takes to the half minute of a
/// call to Krea.
final class Histogram: RecorderHandler, TimerHandler {
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    private struct Contents {
        /// One for each bound, and one for what lies above the last.
        var counts = [Int](repeating: 0, count: bounds.count + 1)
        var sum = 0.0
    }

    private let contents = Mutex(Contents())

    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        let index = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        contents.withLock { contents in
            contents.counts[index] += 1
            contents.sum += value
        }
    }

    var total: (count: Int, sum: Double) {
        contents.withLock { ($0.counts.reduce(0, +), $0.sum) }
    }

    /// The samples with these labels: each bucket has all that is in the buckets below it.
    func samples(_ labels: [MetricFamily.Label]) -> [MetricFamily.Sample] {
        let contents = contents.withLock(\.self)
        var count = 0
        var samples = zip(Self.bounds + [.infinity], contents.counts).map { bound, more in
            count += more
            // A bound is a label, and written as a floating-point number.
            let text = bound.isInfinite ? "+Inf" : String(bound)
            return MetricFamily.Sample(suffix: "_bucket", labels: labels + [.init("le", text)], value: Double(count))
        }
        samples.append(.init(suffix: "_count", labels: labels, value: Double(count)))
        samples.append(.init(suffix: "_sum", labels: labels, value: contents.sum))
        return samples
    }
}
