"""The WSGI application that gunicorn serves: `liuhen.site.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuhen.site.settings")

application = get_wsgi_application()
