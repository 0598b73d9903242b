import Jobs
import TestSupport
import Testing

/// How large pages of Krea's list are asked for, and from where.
@Suite struct ListReadingTests {
    private let start = Timestamp(milliseconds: 1_000_000_000)

    private func call(at seconds: Int) -> Call {
        Call(id: 1, kind: .list, epoch: 1, job: .sample(1), pollRound: 1, startedAt: start + .seconds(seconds))
    }

    private func page(_ cursor: String?) -> AccountPage {
        AccountPage(jobs: [], end: cursor.map(AccountPage.End.next) ?? .last, kreaTime: start)
    }

    @Test func `each page begins where the one before ended and may have twice as many jobs, up to Krea's most`() {
        var look = ListReading()
        var limits: [Int] = []
        for number in 0..<6 {
            look.begin(call(at: number))
            #expect(look.cursor == (number == 0 ? nil : "\(number - 1)"))
            limits.append(look.limit)
            #expect(look.add(page("\(number)"), for: call(at: number)).pages == number + 1)
        }
        #expect(limits == [100, 200, 400, 800, 1000, 1000])
        look.end()
        #expect(look.cursor == nil)
        #expect(look.limit == 100)
    }

    @Test func `a page that is too large is asked for again with a quarter of the jobs, at the same place, down to one`() {
        var look = ListReading()
        look.begin(call(at: 0))
        _ = look.add(page("a"), for: call(at: 0))
        var limits: [Int] = []
        while look.shrinkPage() { limits.append(look.limit) }
        #expect(limits == [50, 12, 3, 1])
        #expect(look.cursor == "a")
    }

    @Test func `a page does not grow to what was too large`() {
        var look = ListReading()
        _ = look.shrinkPage()
        var limits: [Int] = []
        for number in 0..<4 {
            look.begin(call(at: number))
            _ = look.add(page("\(number)"), for: call(at: number))
            limits.append(look.limit)
        }
        #expect(limits == [50, 50, 50, 50])
    }

    @Test func `while Krea has trouble pages get smaller, though not tiny`() {
        var look = ListReading()
        for _ in 0..<9 { look.easePage() }
        #expect(look.limit == 50)
    }

    @Test func `what was read before the clock was put back counts no more`() {
        var look = ListReading()
        look.begin(call(at: 100))
        _ = look.add(page("a"), for: call(at: 100))
        look.begin(call(at: 99))
        #expect(look.cursor == nil)
    }
}
