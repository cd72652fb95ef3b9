//! A process that outlives the one that starts it, and holds nothing of its.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Starts a program in a session of its own: no terminal, no signal to our group and no pipe of
/// ours reaches it, so that who waits for our output to end does not wait for it.
///
/// # Errors
/// The machine refuses a process.
pub fn detach(program: &Path, arguments: &[&OsStr]) -> io::Result<Child> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[expect(unsafe_code, reason = "the standard library starts no sessions and closes no files")]
    // SAFETY: what runs between fork and exec are plain system calls; it allocates nothing.
    unsafe {
        command.pre_exec(leave)
    };
    command.spawn()
}

#[expect(unsafe_code, reason = "system calls without a safe form")]
fn leave() -> io::Result<()> {
    // SAFETY: neither call takes a pointer. Files are closed by exec, not before: the standard
    // library still reports through one of them.
    unsafe {
        if libc::setsid() == -1 {
            return Err(io::Error::last_os_error());
        }
        // An old kernel lacks it; then what we inherited is inherited.
        #[cfg(target_os = "linux")]
        libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, libc::CLOSE_RANGE_CLOEXEC);
    }
    Ok(())
}
