// SPDX-License-Identifier: GPL-2.0-or-later
/* What the sanitizers are told in our own programs. */
const char *__asan_default_options(void);
int __lsan_is_turned_off(void);

/*
 * A nested supervisor is a supervised program too, so Landlord's preload
 * library comes before the sanitizer's. It has neither malloc nor anything else
 * that this would matter to.
 */
const char *__asan_default_options(void)
{
	return "verify_asan_link_order=0";
}

/*
 * Leaks are looked for from another thread that traces the process, which one
 * that has confined itself forbids: the unit tests and the soak look for them.
 */
int __lsan_is_turned_off(void)
{
	return 1;
}
