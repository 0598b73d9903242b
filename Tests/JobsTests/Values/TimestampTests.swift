import Foundation
import Testing

@testable import Jobs

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00.000Z", 0), ("2026-11-22T16:42:34.123Z", 1_795_365_754_123), ("2026-11-22T16:42:34Z", 1_795_365_754_000),
            ("2026-11-22T17:42:34.123+01:00", 1_795_365_754_123), ("2026-11-22T16:42:34.123456+00:00", 1_795_365_754_123),
            ("2026-11-22T16:42:34+00:00", 1_795_365_754_000),
        ] as [(String, Int64)])
    func `ISO 8601 is read to the millisecond`(text: String, milliseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [0, 1, 999, 1_795_365_754_123] as [Int64])
    func `what is written is read back`(milliseconds: Int64) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(Timestamp(iso8601: moment.iso8601) == moment)
    }

    @Test(arguments: ["", "yesterday", "2026-13-01T00:00:00Z", "2026-11-22"])
    func `other texts are no time`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test func `a wait is never shortened by rounding`() {
        #expect((Timestamp(milliseconds: 5) + .microseconds(1)).milliseconds == 6)
        #expect((Timestamp(milliseconds: 5) + .milliseconds(1)).milliseconds == 6)
        #expect((Timestamp(milliseconds: 5) + .milliseconds(-1)).milliseconds == 4)
        #expect((Timestamp(milliseconds: 5) + .microseconds(-1500)).milliseconds == 4)
    }

    @Test func `arithmetic beyond the range ends at its end, and what comes of it is still written`() {
        let (first, last) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max))
        let durations: [Duration] = [
            .milliseconds(1), .seconds(Int64.max), .seconds(Int64.min), .milliseconds(-1), .zero, .seconds(1_764_000_000_000),
        ]
        for moment in [first, .epoch, last] {
            for duration in durations {
                for other in [moment + duration, moment - duration] {
                    #expect(other.iso8601.utf8.count == 24)
                    #expect(other.dayStart <= other)
                    #expect(other.nextDay >= other)
                }
            }
        }
        #expect(last + .milliseconds(1) == last)
        #expect(first - .milliseconds(1) == first)
        #expect(last - .seconds(Int64.min) == last)
        #expect(first + .seconds(Int64.min) == first)
        #expect(last - first == .milliseconds(Int64.max))
        #expect(first - last == .milliseconds(Int64.min))
        #expect(last.iso8601 == "9999-12-31T23:59:59.999Z")
        #expect(first.iso8601 == "1600-01-01T00:00:00.000Z")
        #expect(Timestamp(Date(timeIntervalSince1970: .infinity)) == last)
        #expect(Timestamp(Date(timeIntervalSince1970: .nan)) == .epoch)
    }

    @Test func `sums of money and numbers beyond the range end at its end`() {
        #expect(Money(usd: 1e300) + Money(usd: 1) == Money(millionths: .max))
        #expect(Money(usd: -1e300) * 2 == Money(millionths: .min))
        #expect(Money(usd: .nan) == .zero)
        #expect(Int8.max.addingSaturating(1) == .max)
        #expect(Int8.min.addingSaturating(-1) == .min)
        #expect(Int8(3).addingSaturating(4) == 7)
        #expect(Int8.max.subtractingSaturating(-1) == .max)
        #expect(Int8.min.subtractingSaturating(1) == .min)
        #expect(UInt8(1).subtractingSaturating(2) == 0)
        #expect(UInt8(200).multipliedSaturating(by: 2) == .max)
        #expect(Int8(100).multipliedSaturating(by: -2) == .min)
        #expect(Int8(-100).multipliedSaturating(by: -2) == .max)
        #expect(Int(clamping: 1e19) == .max)
        #expect(Int(clamping: -1e19) == .min)
        #expect(Int(clamping: 2.9) == 2)
    }
}
