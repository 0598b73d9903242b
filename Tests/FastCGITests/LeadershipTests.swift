import HTTPTypes
import TestSupport
import Testing

@testable import FastCGI

/// Which workers wait for events.
@Suite(.timeLimit(.minutes(5))) struct LeadershipTests {
    @Test func `one leads from the start, and the only leader does not resign`() {
        let leadership = Leadership(workers: 2)
        let role = Leadership.Role(leadership)
        role.lead()
        #expect(role.isLeading)
        role.resign()
        #expect(role.isLeading)
        #expect(leadership.count == 1)
    }

    @Test func `a lead that is passed on is the next worker's`() {
        let leadership = Leadership(workers: 2)
        let (first, second) = (Leadership.Role(leadership), Leadership.Role(leadership))
        first.lead()
        first.pass()
        second.lead()
        #expect(!first.isLeading)
        #expect(second.isLeading)
        #expect(leadership.count == 1)
    }

    @Test func `where another leader waits, who passes leaves, and nobody is woken`() {
        let leadership = Leadership(workers: 2)
        let (first, second) = (Leadership.Role(leadership), Leadership.Role(leadership))
        leadership.promote()
        first.lead()
        second.lead()
        leadership.waiting { first.pass() }
        #expect(leadership.count == 1)
        #expect(!first.isLeading)
        #expect(second.isLeading)
    }

    @Test func `where another leader waits that does not know of what is left, who passes wakes a third`() {
        let pendingEvents = PendingEvents()
        let leadership = Leadership(workers: 3, pendingEvents: pendingEvents)
        let (first, second, third) = (Leadership.Role(leadership), Leadership.Role(leadership), Leadership.Role(leadership))
        leadership.promote()
        first.lead()
        second.lead()
        pendingEvents.add([Readiness(descriptor: 5)])
        leadership.waiting {
            #expect(!leadership.isAttended)
            first.pass()
            third.lead()
        }
        #expect(leadership.count == 2)
        #expect(!first.isLeading)
        #expect(second.isLeading)
        #expect(third.isLeading)
    }

    @Test func `of two leaders one resigns`() {
        let leadership = Leadership(workers: 2)
        let (first, second) = (Leadership.Role(leadership), Leadership.Role(leadership))
        leadership.promote()
        first.lead()
        second.lead()
        first.resign()
        second.resign()
        #expect(!first.isLeading)
        #expect(second.isLeading)
        #expect(leadership.count == 1)
    }

    @Test func `those who are dismissed follow no longer`() {
        let leadership = Leadership(workers: 3)
        leadership.dismiss()
        let roles = (0..<4).map { _ in Leadership.Role(leadership) }
        for role in roles { role.lead() }
        #expect(roles.map(\.isLeading) == [true, true, true, true])
    }

    @Test(arguments: [
        // Nobody took anything: the leaders are held up.
        (1, false, 1, true), (7, false, 1, true),
        // They do what they can: more only where there are processors.
        (1, true, 1, false), (1, true, 3, true), (3, true, 3, false),
    ])
    func `another is promoted when the leaders are held up, or when there is a processor for it`(
        leaders: Int, hasTaken: Bool, processors: Int, needed: Bool
    ) {
        #expect(LeaderWatch.needsAnother(leaders: leaders, hasTaken: hasTaken, processors: processors) == needed)
    }

    @Test(arguments: [HTTPRequest.Method.get, .post])
    func `while all workers but one are held up, the last answers`(method: HTTPRequest.Method) async throws {
        let gate = Gate()
        try await ServerFixture.run(
            .init(threads: 4),
            respond: { request, variables, body in
                if request.path == "/slow" { gate.hold() }
                return try ServerFixture.echo(request, variables, body)
            }
        ) { server in
            try await withThrowingTaskGroup { group in
                for _ in 0..<3 {
                    group.addTask {
                        try await server.exchange(["REQUEST_METHOD": method.rawValue, "REQUEST_URI": "/slow"])?.status
                    }
                    try await gate.isHeld()
                }
                for _ in 0..<3 {
                    #expect(try await server.exchange(["REQUEST_METHOD": "GET", "REQUEST_URI": "/quick"])?.status == 200)
                }
                for _ in 0..<3 { gate.open() }
                for try await status in group { #expect(status == 200) }
            }
        }
    }
}
