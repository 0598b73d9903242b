import Jobs
import Testing

/// 2026-03-01T12:00:00Z.
private let start = Timestamp(milliseconds: 1_772_366_400_000)

/// Tests of how the wall clock is compared with the clock that nothing sets.
@Suite struct ClockOriginTests {
    /// Both clocks, which go on by the next of these pauses after each reading.
    private final class Clocks {
        private(set) var readings = 0
        private var passed = Duration.zero
        private var pauses: [Duration]

        init(_ pauses: [Duration]) {
            self.pauses = pauses
        }

        private func read() -> Duration {
            defer {
                passed += pauses.isEmpty ? .zero : pauses.removeFirst()
                readings += 1
            }
            return passed
        }

        var origin: ClockOrigin {
            ClockOrigin.measure(boot: "a", wall: { start + read() }, sinceBoot: { .seconds(1000) + read() })
        }
    }

    private static let right = ClockOrigin(boot: "a", wallAtZero: start - .seconds(1000))

    @Test func `two readings right after each other are enough`() {
        let clocks = Clocks([])
        #expect(clocks.origin == Self.right)
        #expect(clocks.readings == 3)
    }

    @Test(arguments: 0...1)
    func `a machine that does something else between two readings does not look like a step`(reading: Int) {
        var pauses = [Duration](repeating: .zero, count: 3)
        pauses[reading] = .seconds(2)
        let clocks = Clocks(pauses)
        #expect(clocks.origin == Self.right)
        #expect(clocks.readings == 6)
    }

    @Test func `where all readings are slow, the quickest counts`() throws {
        var pauses = [Duration](repeating: .seconds(2), count: 24)
        pauses[9] = .milliseconds(30)
        pauses[10] = .milliseconds(10)
        let clocks = Clocks(pauses)
        #expect(clocks.origin.step(since: Self.right) == nil)
        #expect(clocks.readings == 24)
    }
}
