import Glibc
import Testing

@testable import krea_fcgi

/// How many connections there may be.
@Suite struct DescriptorLimitTests {
    @Test(arguments: [(65_536, 16, 65_264), (1024, 16, 752), (544, 16, 272), (500, 16, 250), (200, 2, 100), (1, 16, 1)])
    func `connections leave descriptors for everything else, of few the half`(descriptors: Int, threads: Int, connections: Int) {
        #expect(DescriptorLimit.connections(of: descriptors, threads: threads) == connections)
    }

    @Test(arguments: [(1 << 20, 65_536), (65_536, 65_024), (20_000, 19_488), (1024, 512), (512, 0), (1, 0)])
    func `held requests leave 512 descriptors, and are bounded`(descriptors: Int, held: Int) {
        #expect(DescriptorLimit.held(of: descriptors) == held)
    }

    @Test func `the limit is raised to the highest that is allowed`() {
        var limit = rlimit()
        let raised = DescriptorLimit.raise()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        #expect(limit.rlim_cur == limit.rlim_max)
        #expect(raised == Int(clamping: limit.rlim_max))
    }
}
