import CoreMetrics
import Synchronization

/// Counts values by size, in steps for times in seconds: from the thousandth that a page takes to the half minute of a call to Krea.
final class Histogram: RecorderHandler, TimerHandler {
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    /// One counter for each of the 14 bounds, and one above the last. They are atomic, so that no request waits for another.
    private let counts: InlineArray<15, Atomic<Int>> = InlineArray { _ in Atomic(0) }
    /// The sum in billionths.
    private let sum = Atomic<Int64>(0)

    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { record(value, billionths: Int64(exactly: (value * 1e9).rounded()) ?? 0) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9, billionths: duration) }

    private func record(_ value: Double, billionths: Int64) {
        let index = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        counts[index].add(1, ordering: .relaxed)
        sum.add(billionths, ordering: .relaxed)
    }

    var total: (count: Int, sum: Double) {
        (counted.reduce(0, +), Double(sum.load(ordering: .relaxed)) / 1e9)
    }

    private var counted: [Int] { counts.indices.map { counts[$0].load(ordering: .relaxed) } }

    /// The samples with these labels. Each bucket includes the buckets below it.
    func samples(_ labels: [MetricFamily.Label]) -> [MetricFamily.Sample] {
        var count = 0
        var samples = zip(Self.bounds + [.infinity], counted).map { bound, more in
            count += more
            // A bound is a label, and written as a floating-point number.
            let text = bound.isInfinite ? "+Inf" : String(bound)
            return MetricFamily.Sample(suffix: "_bucket", labels: labels + [.init("le", text)], value: Double(count))
        }
        samples.append(.init(suffix: "_count", labels: labels, value: Double(count)))
        samples.append(.init(suffix: "_sum", labels: labels, value: total.sum))
        return samples
    }
}
