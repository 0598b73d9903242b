import CFastCGI
import Glibc
import Testing

@testable import krea_fcgi

@Suite struct CoreDumpTests {
    @Test func `no core can be written of a process that holds the token, and the limit cannot be raised again`() {
        CoreDump.prevent()
        #expect(!CoreDump.isPossible)
        #expect(process_dumpable() == 0)
        var limit = rlimit(rlim_cur: 1, rlim_max: 1)
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0)
        #expect(limit.rlim_cur == 0)
        #expect(limit.rlim_max == 0)
    }
}
