import Jobs
import TestSupport
import Testing

@testable import Web

/// Mounting.
@Suite struct MountTests {
    @Test(
        arguments: [
            ("/jobs/1?x=y", nil, "", "/jobs/1", "x=y"),
            ("/jobs/1", "", "", "/jobs/1", ""),
            ("/jobs/1", "/", "", "/jobs/1", ""),
            ("/jobs/1", "/jobs/1", "", "/jobs/1", ""),
            ("/", "/", "", "/", ""),
            ("/krea/jobs/1", "/krea", "/krea", "/jobs/1", ""),
            ("/krea/jobs/1", "/krea/", "/krea", "/jobs/1", ""),
            ("/krea/", "/krea", "/krea", "/", ""),
            ("/krea/", "/krea/", "/krea", "/", ""),
            ("/krea/?a?b", "/krea", "/krea", "/", "a?b"),
            ("/krea", "/krea", "", "/krea", ""),
            ("/kreation/", "/krea", "", "/kreation/", ""),
            ("/a/b/", "/a/b", "/a/b", "/", ""),
            ("/a%20b/%C3%A9/x", "/a b/é", "/a b/é", "/x", ""),
            ("/x", "krea", "", "/x", ""),
            ("/a+b", nil, "", "/a+b", ""),
            ("//evil.example/", "//evil.example", "", "//evil.example/", ""),
            ("/krea/jobs%2F1", "/krea", "/krea", "/jobs/1", ""),
        ] as [(String, String?, String, String, String)])
    func `the mount point is taken from SCRIPT_NAME where it is a prefix of the path`(
        target: String, scriptName: String?, mount: String, path: String, query: String
    ) throws {
        let mounted = try MountedPath(requestTarget: target, scriptName: scriptName)
        #expect(mounted.mount == mount)
        #expect(mounted.path == path)
        #expect(mounted.query == query)
    }

    @Test(arguments: [("/", nil), ("/krea/", "/krea"), ("/a/b/", "/a/b"), ("/a%20b/", "/a b")])
    func `all links lead below the mount point`(root: String, scriptName: String?) throws {
        let fixture = WebFixture()
        let form = try fixture.get(root, mount: scriptName)
        #expect(form.status == 200)
        for link in ["href=\"\(root)static/style.css\"", "href=\"\(root)static/icon.svg\"", "action=\"\(root)\"", "href=\"\(root)\""] {
            #expect(form.text.contains(link))
        }
        let posted = try fixture.postForm("prompt=x", to: root, mount: scriptName)
        let id = try #require(try fixture.jobs.first?.id)
        #expect(posted["Location"]?.hasPrefix("\(root)jobs/\(id)#new=") == true)
        let page = try fixture.get("\(root)jobs/\(id)", mount: scriptName)
        #expect(page.status == 200)
        #expect(page.text.contains("href=\"\(root)\""))
        let accepted = try fixture.postJSON(#"{"prompt": "y"}"#, to: "\(root)api/jobs", mount: scriptName)
        let second = try #require(try fixture.jobs.first?.id)
        #expect(accepted["Location"] == "\(root)api/jobs/\(second)")
        #expect(try fixture.get("\(root)api/jobs/\(second)", mount: scriptName).status == 200)
    }

    @Test func `debian's fastcgi_params, where SCRIPT_NAME is the whole path, mount at the root`() throws {
        let fixture = WebFixture()
        for path in ["/", "/health", "/api/jobs", "/api/models"] {
            #expect(try fixture.get(path, mount: path).status == 200)
        }
    }
}
