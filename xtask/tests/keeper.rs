//! What happens to a program when the task runner that started it is killed.
