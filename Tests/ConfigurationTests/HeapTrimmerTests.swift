import Testing

@testable import krea_fcgi

/// When memory is given back.
@Suite struct HeapTrimmerTests {
    @Test func `memory is given back once a burst is over, and not again and again`() {
        let megabyte = 1 << 20
        // It grows: the burst goes on.
        #expect(!HeapTrimmer.isWorthwhile(now: 300 * megabyte, before: 50 * megabyte, afterLast: 50 * megabyte))
        #expect(HeapTrimmer.isWorthwhile(now: 300 * megabyte, before: 300 * megabyte, afterLast: 50 * megabyte))
        #expect(HeapTrimmer.isWorthwhile(now: 280 * megabyte, before: 300 * megabyte, afterLast: 50 * megabyte))
        // What is really needed stays.
        #expect(!HeapTrimmer.isWorthwhile(now: 300 * megabyte, before: 300 * megabyte, afterLast: 299 * megabyte))
        #expect(!HeapTrimmer.isWorthwhile(now: 50 * megabyte, before: 50 * megabyte, afterLast: 50 * megabyte))
    }
}
