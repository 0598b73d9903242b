import Jobs
import Testing

@testable import Webhooks

@Suite struct ResolverTests {
    @Test func `the system resolves this machine and addresses, and no such name`() async {
        let deadline = ContinuousClock.now + .seconds(10)
        #expect(await SystemResolver().addresses(of: "127.0.0.1", until: deadline).map(\.description) == ["127.0.0.1"])
        let here = await SystemResolver().addresses(of: "localhost", until: deadline)
        #expect(!here.isEmpty)
        #expect(here.allSatisfy { $0.isLoopback })
        #expect(await SystemResolver().addresses(of: "nothing.invalid", until: deadline).isEmpty)
    }
}
