public import CoreMetrics
import Synchronization

/// Keeps what the modules measure through swift-metrics. Any thread may measure.
///
/// A label is the metric's OpenMetrics name without `_total`; the dimensions are its labels. Every metric stays until the process ends, so
/// dimensions must have few values.
///
/// | swift-metrics | here |
/// |---|---|
/// | `Counter` | a counter |
/// | `Timer`, `Recorder` | a histogram; a timer's is in seconds |
/// | `Gauge`, `Meter` | a gauge |
public final class MetricsRegistry: MetricsFactory {
    private struct Key: Hashable {
        let name: String
        let labels: [MetricFamily.Label]
    }

    private struct Contents {
        var counters: [Key: CounterValue] = [:]
        var gauges: [Key: GaugeValue] = [:]
        var histograms: [Key: Histogram] = [:]
    }

    private let contents = Mutex(Contents())
    private let help: [String: String]

    /// An empty registry.
    ///
    /// - Parameter help: The meaning of each name, a sentence without a full stop.
    public init(help: [String: String] = [:]) {
        self.help = help
    }

    /// The counter with this label and these dimensions.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        contents.withLock { Self.find(Self.key(label, dimensions), in: &$0.counters) { CounterValue() } }
    }

    /// The histogram or, without aggregation, the gauge.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        let key = Self.key(label, dimensions)
        return contents.withLock { contents -> any RecorderHandler in
            if aggregate { return Self.find(key, in: &contents.histograms) { Histogram() } }
            return Self.find(key, in: &contents.gauges) { GaugeValue() }
        }
    }

    /// The histogram of seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        contents.withLock { Self.find(Self.key(label, dimensions), in: &$0.histograms) { Histogram() } }
    }

    /// Does nothing: the count stays.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Does nothing.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Does nothing.
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// All measurements, sorted by name.
    var families: [MetricFamily] {
        let contents = contents.withLock(\.self)
        var families: [MetricFamily] = []
        func add<Value>(_ kind: MetricFamily.Kind, _ all: [Key: Value], _ samples: (Key, Value) -> [MetricFamily.Sample]) {
            for (name, keys) in Dictionary(grouping: all.keys, by: \.name) {
                let sorted = keys.sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
                families.append(
                    MetricFamily(name, kind, help[name] ?? name, sorted.flatMap { key in all[key].map { samples(key, $0) } ?? [] }))
            }
        }
        add(.counter, contents.counters) { [.init(suffix: "_total", labels: $0.labels, value: Double($1.value))] }
        add(.gauge, contents.gauges) { [.init(labels: $0.labels, value: $1.value)] }
        add(.histogram, contents.histograms) { $1.samples($0.labels) }
        return families.sorted { $0.name < $1.name }
    }

    /// The counts and sums of all histograms with one name, by their labels.
    func distributions(of name: String) -> [(labels: [String: String], count: Int, sum: Double)] {
        contents.withLock { $0.histograms.filter { $0.key.name == name } }
            .sorted { $0.key.labels.lexicographicallyPrecedes($1.key.labels) }
            .map { key, histogram in
                let (count, sum) = histogram.total
                return (Dictionary(key.labels.map { ($0.name, $0.value) }) { $1 }, count, sum)
            }
    }

    private static func key(_ label: String, _ dimensions: [(String, String)]) -> Key {
        Key(name: name(label), labels: dimensions.map { MetricFamily.Label(name($0), $1) }.sorted())
    }

    /// Letters, digits and underscores stay, everything else becomes an underscore.
    private static func name(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "_" }))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    private static func find<Value>(_ key: Key, in all: inout [Key: Value], make: () -> Value) -> Value {
        if let known = all[key] { return known }
        let new = make()
        all[key] = new
        return new
    }
}

/// A number that only grows.
private final class CounterValue: CounterHandler {
    private let count = Atomic<Int64>(0)

    var value: Int64 { count.load(ordering: .relaxed) }
    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }
}

/// The number that was recorded last.
private final class GaugeValue: RecorderHandler {
    private let level = Mutex(0.0)

    var value: Double { level.withLock { $0 } }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { level.withLock { $0 = value } }
}
