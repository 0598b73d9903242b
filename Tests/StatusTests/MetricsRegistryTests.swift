import CoreMetrics
import Testing

@testable import Status

/// What becomes of what the modules measure.
@Suite struct MetricsRegistryTests {
    private let registry = MetricsRegistry(help: ["krea_fcgi_things": "Things"])

    @Test func `a counter with the same dimensions is the same, in any order`() {
        Counter(label: "krea_fcgi_things", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        Counter(label: "krea_fcgi_things", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment(by: 2)
        Counter(label: "krea_fcgi_things", dimensions: [("a", "0"), ("b", "2")], factory: registry).increment()
        #expect(
            registry.families == [
                MetricFamily(
                    "krea_fcgi_things", .counter, "Things",
                    [
                        .init(suffix: "_total", labels: [.init("a", "0"), .init("b", "2")], value: 1),
                        .init(suffix: "_total", labels: [.init("a", "1"), .init("b", "2")], value: 3),
                    ])
            ])
    }

    @Test func `a timer is a histogram of seconds whose buckets have all below them`() throws {
        let timer = Timer(label: "krea_fcgi_time_seconds", dimensions: [("kind", "poll")], factory: registry)
        timer.recordMilliseconds(1)
        timer.recordMilliseconds(20)
        timer.recordSeconds(31)
        let family = try #require(registry.families.first)
        #expect(family.kind == .histogram)
        let buckets = family.samples.filter { $0.suffix == "_bucket" }
        #expect(buckets.map { $0.labels.last?.value ?? "" } == Histogram.bounds.map { String($0) } + ["+Inf"])
        #expect(buckets.map(\.value) == [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3])
        #expect(family.samples.first { $0.suffix == "_count" }?.value == 3)
        #expect(family.samples.first { $0.suffix == "_sum" }.map { abs($0.value - 31.021) < 1e-9 } == true)
        let distribution = try #require(registry.distributions(of: "krea_fcgi_time_seconds").first)
        #expect(distribution.labels == ["kind": "poll"])
        #expect(distribution.count == 3)
    }

    @Test func `a gauge has what was last said`() {
        let gauge = Gauge(label: "krea_fcgi_level", factory: registry)
        gauge.record(3)
        gauge.record(2.5)
        #expect(registry.families == [MetricFamily("krea_fcgi_level", .gauge, "krea_fcgi_level", [.init(value: 2.5)])])
    }

    @Test func `a name that OpenMetrics does not allow is made into one`() {
        Counter(label: "a.b-c", dimensions: [("x.y", "a.b")], factory: registry).increment()
        #expect(registry.families.first?.name == "a_b_c")
        #expect(registry.families.first?.samples.first?.labels == [.init("x_y", "a.b")])
    }
}
