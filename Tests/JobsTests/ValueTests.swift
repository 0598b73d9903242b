import Foundation
@testable import Jobs
import Testing

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

@Suite struct JobIDTests {
    @Test func `random IDs are version 4 and differ`() {
        var generator = SystemRandomNumberGenerator()
        let ids = (0..<100).map { _ in JobID.random(using: &generator) }
        #expect(Set(ids).count == 100)
        for id in ids {
            #expect(id.description.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        }
    }

    @Test func `the ID of a hash is its first 16 bytes, as version 8`() {
        let hash = (0..<32).map { UInt8($0) * 8 }
        #expect(JobID(hash: hash).description == "00081018-2028-8038-8048-505860687078")
        #expect(JobID(hash: Array(repeating: 255, count: 32)).description == "ffffffff-ffff-8fff-bfff-ffffffffffff")
        #expect(JobID(JobID(hash: hash).description) == JobID(hash: hash))
    }

    @Test func `either case is read, the same ID comes out`() {
        #expect(JobID("ABCDEF01-2345-4678-89AB-CDEF01234567")?.description == "abcdef01-2345-4678-89ab-cdef01234567")
    }

    @Test(arguments: [
        "", "abcdef01-2345-4678-89ab-cdef0123456", "abcdef01-2345-4678-89ab-cdef0123456g", "abcdef0102345-4678-89ab-cdef01234567",
    ])
    func `other texts are no ID`(text: String) {
        #expect(JobID(text) == nil)
    }
}

@Suite struct ClientTests {
    @Test(
        arguments: [
            ("ann", "192.0.2.1", "user:ann"), (nil, "192.0.2.1", "address:192.0.2.1"), ("", "192.0.2.1", "address:192.0.2.1"),
            (nil, "2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"), (nil, nil, "address:unknown"),
            // Behind a dual-stack socket, and where nginx listens on a Unix socket.
            (nil, "::ffff:192.0.2.1", "address:192.0.2.1"), (nil, "64:ff9b::c000:201", "address:192.0.2.1"),
            (nil, "fe80::1%eth0", "address:fe80::1"),
            (nil, "unix:", "address:unknown"), (nil, "", "address:unknown"), (nil, "192.0.2.1, 192.0.2.2", "address:unknown"),
        ] as [(String?, String?, String)])
    func `a client is its user, else its network`(user: String?, address: String?, key: String) {
        #expect(Client(user: user, address: address).key == key)
    }

    @Test func `two addresses of one household are one client`() {
        #expect(Client(user: nil, address: "2001:db8::1") == Client(user: nil, address: "2001:db8::ffff:2"))
        #expect(Client(user: nil, address: "2001:db8::1") != Client(user: nil, address: "2001:db8:0:1::1"))
    }
}

@Suite struct JSONValueTests {
    @Test(arguments: [#"{"a":[1,2.5,"x",null,true]}"#, "[]", "\"é\"", "1024"])
    func `what is read is written again`(text: String) throws {
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        #expect(String(decoding: try JSONEncoder().encode(value), as: UTF8.self) == text)
    }
}
