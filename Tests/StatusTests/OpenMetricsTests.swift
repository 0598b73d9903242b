import Testing

@testable import Status

/// The text format, line by line.
@Suite struct OpenMetricsTests {
    @Test func `nothing is the mark of the end alone`() {
        #expect(OpenMetrics.text([]) == "# EOF\n")
    }

    @Test func `a family has its type, its unit, its help and its samples`() {
        let family = MetricFamily(
            "krea_fcgi_store_size_bytes", .gauge, "What the store takes\nof \"disk\"",
            [.init(value: 5), .init(labels: [.init("a", #"b\"#)], value: 0.5)])
        #expect(
            OpenMetrics.text([family]) == #"""
                # TYPE krea_fcgi_store_size_bytes gauge
                # UNIT krea_fcgi_store_size_bytes bytes
                # HELP krea_fcgi_store_size_bytes What the store takes\nof \"disk\"
                krea_fcgi_store_size_bytes 5
                krea_fcgi_store_size_bytes{a="b\\"} 0.5
                # EOF

                """#)
    }

    @Test(arguments: [(1.0, "1"), (0.25, "0.25"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e15, "1000000000000000")])
    func `numbers are written as the format has them`(value: Double, text: String) {
        #expect(OpenMetrics.number(value) == text)
    }
}
