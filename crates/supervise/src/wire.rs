//! The connections between us, a keeper and a starter: lines of JSON, and descriptors with them.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind, IoSlice, IoSliceMut, Write};
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::net::UnixStream;

use rustix::io::FdFlags;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags,
};
use serde_json::{Value, json};

/// The most descriptors that are sent at once: the three standard streams.
const DESCRIPTORS: usize = 3;

/// One end of a connection.
#[derive(Debug)]
pub(crate) struct Wire {
    socket: UnixStream,
    /// What was read of messages that nobody has asked for yet.
    unread: Vec<u8>,
    descriptors: Vec<OwnedFd>,
    /// The process that sent what was read last.
    sender: Option<u32>,
}

impl Wire {
    /// A connection: our end, and the one to give away.
    pub(crate) fn pair() -> io::Result<(Wire, OwnedFd)> {
        let (ours, theirs) = UnixStream::pair()?;
        let ours = Wire::of(ours);
        #[cfg(target_os = "linux")]
        rustix::net::sockopt::set_socket_passcred(&ours.socket, true)?;
        Ok((ours, theirs.into()))
    }

    /// The end that this socket is.
    pub(crate) fn of(socket: impl Into<UnixStream>) -> Wire {
        Wire { socket: socket.into(), unread: Vec::new(), descriptors: Vec::new(), sender: None }
    }

    /// The socket itself, for whoever waits for it.
    pub(crate) fn socket(&self) -> &UnixStream {
        &self.socket
    }

    /// Sends a message.
    pub(crate) fn send(&self, message: &Value) -> io::Result<()> {
        send(&self.socket, message)
    }

    /// Sends a message, and descriptors with it.
    pub(crate) fn send_with(
        &self,
        message: &Value,
        descriptors: &[BorrowedFd<'_>],
    ) -> io::Result<()> {
        let line = line(message);
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        let fits = control.push(SendAncillaryMessage::ScmRights(descriptors));
        assert!(fits, "there is space for {DESCRIPTORS}");
        let first = [IoSlice::new(&line)];
        let sent = rustix::net::sendmsg(&self.socket, &first, &mut control, SendFlags::empty())?;
        (&self.socket).write_all(&line[sent..])
    }

    /// Waits for the next message; `None` once the other end is closed.
    pub(crate) fn receive(&mut self) -> io::Result<Option<Value>> {
        loop {
            if let Some(end) = self.unread.iter().position(|&byte| byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                return Ok(Some(serde_json::from_slice(&line)?));
            }
            match self.read() {
                Ok(0) => return Ok(None),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether a message has been read that nobody has asked for yet.
    pub(crate) fn has_more(&self) -> bool {
        self.unread.contains(&b'\n')
    }

    /// The descriptors that came since this was asked last.
    pub(crate) fn take_descriptors(&mut self) -> Vec<OwnedFd> {
        std::mem::take(&mut self.descriptors)
    }

    /// The process that sent the last message, by the number that it has with us, where the system
    /// tells. It may have another one in its own namespace.
    pub(crate) fn sender(&self) -> Option<u32> {
        self.sender
    }

    fn read(&mut self) -> io::Result<usize> {
        // Linux tells who sent a message in the same place.
        #[cfg(target_os = "linux")]
        const SPACE: usize = rustix::cmsg_space!(ScmRights(DESCRIPTORS), ScmCredentials(1));
        #[cfg(not(target_os = "linux"))]
        const SPACE: usize = rustix::cmsg_space!(ScmRights(DESCRIPTORS));
        let mut space = [MaybeUninit::uninit(); SPACE];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut buffer = [0; 4096];
        let mut into = [IoSliceMut::new(&mut buffer)];
        let flags = RecvFlags::empty();
        let received = rustix::net::recvmsg(&self.socket, &mut into, &mut control, flags)?;
        for message in control.drain() {
            match message {
                RecvAncillaryMessage::ScmRights(descriptors) => {
                    for descriptor in descriptors {
                        rustix::io::fcntl_setfd(&descriptor, FdFlags::CLOEXEC)?;
                        self.descriptors.push(descriptor);
                    }
                }
                #[cfg(target_os = "linux")]
                RecvAncillaryMessage::ScmCredentials(sender) => {
                    self.sender = Some(sender.pid.as_raw_nonzero().get().unsigned_abs());
                }
                _ => {}
            }
        }
        self.unread.extend_from_slice(&buffer[..received.bytes]);
        Ok(received.bytes)
    }
}

/// Sends a message.
pub(crate) fn send(mut socket: &UnixStream, message: &Value) -> io::Result<()> {
    socket.write_all(&line(message))
}

fn line(message: &Value) -> Vec<u8> {
    format!("{message}\n").into_bytes()
}

/// A word of a command line or of an environment. Not each is text.
pub(crate) fn word(word: &OsStr) -> Value {
    word.to_str().map_or_else(|| json!(word.as_bytes()), |text| json!(text))
}

/// The words in a list.
pub(crate) fn words(list: &Value) -> Vec<OsString> {
    list.as_array().into_iter().flatten().map(read_word).collect()
}

fn read_word(value: &Value) -> OsString {
    let bytes = value.as_array().into_iter().flatten();
    let bytes = bytes.filter_map(|byte| u8::try_from(byte.as_u64()?).ok());
    value.as_str().map_or_else(|| OsString::from_vec(bytes.collect()), OsString::from)
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;
    use std::thread;

    use super::*;

    #[test]
    fn messages_arrive_whole_and_in_order_however_long_they_are() {
        let (ours, theirs) = Wire::pair().unwrap();
        let long = json!(vec!["word"; 100_000]);
        let sent = long.clone();
        let sender = thread::spawn(move || {
            let file = std::fs::File::open("/dev/null").unwrap();
            ours.send_with(&sent, &[file.as_fd()]).unwrap();
            ours.send(&json!({ "second": 2 })).unwrap();
        });
        let mut wire = Wire::of(theirs);
        assert_eq!(wire.receive().unwrap(), Some(long));
        assert_eq!(wire.take_descriptors().len(), 1);
        assert_eq!(wire.receive().unwrap(), Some(json!({ "second": 2 })));
        assert_eq!(wire.receive().unwrap(), None);
        sender.join().unwrap();
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_sender_of_a_message_is_known() {
        let (mut ours, theirs) = Wire::pair().unwrap();
        Wire::of(theirs).send(&json!(1)).unwrap();
        ours.receive().unwrap();
        assert_eq!(ours.sender(), Some(std::process::id()));
    }

    #[test]
    fn words_that_are_no_text_survive() {
        let written = [OsStr::from_bytes(b"a\xffb"), OsStr::new("é"), OsStr::new("")];
        let read = words(&written.map(word).to_vec().into());
        assert_eq!(read, written);
    }
}
