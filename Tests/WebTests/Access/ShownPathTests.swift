import Testing

@testable import Web

/// What a log or a status shows of an address.
@Suite struct ShownPathTests {
    private static let id = "5f8e1c9a-0000-4000-8000-123456789abc"

    @Test(arguments: [
        ("/krea/", "/krea/"), ("/", "/"), ("", ""), ("/krea/jobs/\(id)", "/krea/jobs/5f8e1c9a…"),
        ("/krea/api/jobs/\(id)/resume", "/krea/api/jobs/5f8e1c9a…/resume"), ("/krea/api/jobs?cursor=\(id)", "/krea/api/jobs?…"),
        ("/krea/api/generate/image/google/nano-banana-flash", "/krea/api/generate/image/google/nano-banana-flash"),
        ("/krea/api/generate/image/bytedance/seedream-3", "/krea/api/generate/image/bytedance/seedream-3"),
        ("/krea/api/webhooks/krea/short", "/krea/api/webhooks/krea/…"), ("/krea/api/webhooks/krea/a/b", "/krea/api/webhooks/krea/…"),
        ("/krea/pictures/ab/\(String(repeating: "c", count: 62)).png", "/krea/pictures/ab/cccccccc…"),
        ("/a/b/c/d/e/f/g/h/i/j/k/l/m/n", "/a/b/c/d/e/f/g/h/i/j/k/…"),
    ])
    func `what opens something is not shown`(target: String, shown: String) {
        #expect(RedactedPath.of(target) == shown)
    }
}
