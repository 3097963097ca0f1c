/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of things, with a line to search it: see item_view.h.
 */
#include "desktop/manager/item_view.h"

#include <string.h>

#include "desktop/dialog/dialog_text.h"

struct item_view {
	const struct item_view_ops *ops;
	void *userdata;
	GtkWidget *box, *search, *stack;
	GListStore *store;
	GtkCustomFilter *filter;
	GtkFilterListModel *filtered;
	char *wanted; /* without case; or NULL */
};

/* --- Things ------------------------------------------------------ */

static GObject *wrap(json_t *thing)
{
	GObject *item = g_object_new(G_TYPE_OBJECT, NULL);

	g_object_set_data_full(item, "thing", json_incref(thing),
			       (GDestroyNotify)json_decref);
	return item;
}

static json_t *unwrap(gpointer item)
{
	return g_object_get_data(G_OBJECT(item), "thing");
}

json_t *item_view_thing(GtkWidget *row)
{
	GtkListItem *item = g_object_get_data(G_OBJECT(row), "item");
	gpointer wrapped = item ? gtk_list_item_get_item(item) : NULL;

	return wrapped ? unwrap(wrapped) : NULL;
}

const char *item_view_text(const json_t *thing, const char *key)
{
	const char *text = json_string_value(json_object_get(thing, key));

	return text ? text : "";
}

/* --- Searching --------------------------------------------------- */

static gboolean matches(gpointer item, gpointer userdata)
{
	const struct item_view *view = userdata;
	g_autofree char *words = NULL, *folded = NULL;

	words = view->ops->words(unwrap(item));
	folded = g_utf8_casefold(words, -1);
	return strstr(folded, view->wanted) != NULL;
}

static void update_empty(struct item_view *view)
{
	const bool empty =
		g_list_model_get_n_items(G_LIST_MODEL(view->store)) == 0;

	gtk_stack_set_visible_child_name(GTK_STACK(view->stack),
					 empty ? "empty" : "list");
	gtk_widget_set_visible(view->search, !empty);
}

static void on_search(GtkSearchEntry *entry, gpointer userdata)
{
	struct item_view *view = userdata;

	g_free(view->wanted);
	view->wanted =
		g_utf8_casefold(gtk_editable_get_text(GTK_EDITABLE(entry)), -1);
	/* Without one nothing has to be looked at. */
	gtk_filter_list_model_set_filter(
		view->filtered,
		view->wanted[0] ? GTK_FILTER(view->filter) : NULL);
	gtk_filter_changed(GTK_FILTER(view->filter),
			   GTK_FILTER_CHANGE_DIFFERENT);
}

/* --- Rows -------------------------------------------------------- */

static void on_setup(GtkSignalListItemFactory *factory, GtkListItem *item,
		     gpointer userdata)
{
	struct item_view *view = userdata;
	GtkWidget *row = view->ops->make(view);

	(void)factory;
	g_object_set_data(G_OBJECT(row), "item", item);
	gtk_list_item_set_child(item, row);
}

static void on_bind(GtkSignalListItemFactory *factory, GtkListItem *item,
		    gpointer userdata)
{
	struct item_view *view = userdata;

	(void)factory;
	view->ops->say(view, gtk_list_item_get_child(item),
		       unwrap(gtk_list_item_get_item(item)));
}

static void on_activate(GtkListView *list, guint position, gpointer userdata)
{
	struct item_view *view = userdata;
	GListModel *model = G_LIST_MODEL(gtk_list_view_get_model(list));
	g_autoptr(GObject) item = g_list_model_get_item(model, position);

	if (item && view->ops->open)
		view->ops->open(view, unwrap(item));
}

/* --- How it is made ---------------------------------------------- */

static GtkWidget *new_list(struct item_view *view)
{
	GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
	GtkWidget *list, *scrolled = gtk_scrolled_window_new();

	view->filter = gtk_custom_filter_new(matches, view, NULL);
	view->filtered = gtk_filter_list_model_new(
		g_object_ref(G_LIST_MODEL(view->store)), NULL);
	/* Typing does not wait for thousands. */
	gtk_filter_list_model_set_incremental(view->filtered, TRUE);
	g_signal_connect(factory, "setup", G_CALLBACK(on_setup), view);
	g_signal_connect(factory, "bind", G_CALLBACK(on_bind), view);
	list = gtk_list_view_new(GTK_SELECTION_MODEL(gtk_no_selection_new(
					 G_LIST_MODEL(view->filtered))),
				 factory);
	gtk_list_view_set_single_click_activate(GTK_LIST_VIEW(list),
						view->ops->single);
	gtk_list_view_set_show_separators(GTK_LIST_VIEW(list), TRUE);
	gtk_accessible_update_property(GTK_ACCESSIBLE(list),
				       GTK_ACCESSIBLE_PROPERTY_LABEL,
				       gettext(view->ops->name), -1);
	g_signal_connect(list, "activate", G_CALLBACK(on_activate), view);
	gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), list);
	gtk_widget_set_vexpand(scrolled, TRUE);
	return scrolled;
}

static void view_free(gpointer userdata)
{
	struct item_view *view = userdata;

	g_object_unref(view->store);
	g_object_unref(view->filter);
	g_free(view->wanted);
	g_free(view);
}

struct item_view *item_view_new(const struct item_view_ops *ops, void *userdata)
{
	struct item_view *view = g_new0(struct item_view, 1);
	GtkWidget *empty = gtk_label_new(gettext(ops->empty));

	view->ops = ops;
	view->userdata = userdata;
	view->store = g_list_store_new(G_TYPE_OBJECT);
	view->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
	view->search = gtk_search_entry_new();
	view->stack = gtk_stack_new();
	gtk_accessible_update_property(GTK_ACCESSIBLE(view->search),
				       GTK_ACCESSIBLE_PROPERTY_LABEL,
				       _("Search"), -1);
	g_signal_connect(view->search, "search-changed", G_CALLBACK(on_search),
			 view);
	gtk_label_set_wrap(GTK_LABEL(empty), TRUE);
	gtk_widget_add_css_class(empty, "dim-label");
	gtk_widget_set_vexpand(empty, TRUE);
	gtk_stack_add_named(GTK_STACK(view->stack), empty, "empty");
	gtk_stack_add_named(GTK_STACK(view->stack), new_list(view), "list");
	gtk_box_append(GTK_BOX(view->box), view->search);
	gtk_box_append(GTK_BOX(view->box), view->stack);
	g_object_set_data_full(G_OBJECT(view->box), "view", view, view_free);
	update_empty(view);
	return view;
}

GtkWidget *item_view_widget(struct item_view *view)
{
	return view->box;
}

void *item_view_userdata(struct item_view *view)
{
	return view->userdata;
}

void item_view_show(struct item_view *view, json_t *things)
{
	const size_t count = json_array_size(things);
	g_autofree gpointer *items = g_new(gpointer, count + 1);

	for (size_t i = 0; i < count; i++)
		items[i] = wrap(json_array_get(things, i));
	g_list_store_splice(view->store, 0,
			    g_list_model_get_n_items(G_LIST_MODEL(view->store)),
			    items, (guint)count);
	for (size_t i = 0; i < count; i++)
		g_object_unref(items[i]);
	update_empty(view);
}
