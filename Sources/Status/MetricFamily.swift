/// An OpenMetrics metric family: a metric with all its samples.
struct MetricFamily: Equatable {
    enum Kind: String {
        case counter, gauge, histogram, info
    }

    struct Sample: Equatable {
        /// The text after the family's name: `_total`, `_bucket`, … or nothing.
        var suffix = ""
        var labels: [Label] = []
        let value: Double
    }

    struct Label: Hashable, Comparable {
        let name: String
        let value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        static func < (left: Label, right: Label) -> Bool { (left.name, left.value) < (right.name, right.value) }
    }

    let name: String
    let kind: Kind
    let help: String
    var samples: [Sample]

    init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A family with one value; nil if there is no value.
    static func gauge(_ name: String, _ help: String, _ value: Double?) -> MetricFamily? {
        value.map { MetricFamily(name, .gauge, help, [Sample(value: $0)]) }
    }

    static func gauge(_ name: String, _ help: String, _ value: Int?) -> MetricFamily? {
        gauge(name, help, value.map(Double.init))
    }

    static func counter(_ name: String, _ help: String, _ value: Int?) -> MetricFamily? {
        value.map { MetricFamily(name, .counter, help, [Sample(suffix: "_total", value: Double($0))]) }
    }
}
